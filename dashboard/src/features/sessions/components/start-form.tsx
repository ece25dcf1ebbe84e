"use client";

import { Play } from "lucide-react";
import { useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { useInWords, type Session, type Station } from "@/lib/api";
import { useLink, useNow } from "@/lib/live";
import { useWords, type Translate } from "@/lib/i18n";
import { playerName } from "@/features/stations";
import { useVenue, useVenueTime } from "@/features/venues";
import { DEFAULT_LIMITS, readMinutes, START_CHOICES } from "../minutes";
import { useStart } from "../queries";
import { DurationChoice } from "./duration-choice";

/** Starts a session on a free station, or on one where another's grace runs; that one then ends at once. */
export function StartForm({ station, ending }: { station: Station; ending: Session | null }) {
  const start = useStart();
  const inWords = useInWords();
  const { live } = useLink();
  const limits = useVenue() ?? DEFAULT_LIMITS;
  const time = useVenueTime();
  const [common, stations] = [useWords("common"), useWords("stations")];
  const [player, setPlayer] = useState("");
  const [blind, setBlind] = useState(false);
  const [typed, setTyped] = useState("60");
  const [tried, setTried] = useState(false);
  // Ends are shown to the minute, so the form needs no second hand.
  const now = useNow((second) => second - (second % 60_000));
  const until = (minutes: number) => `until ${time.clock(now + minutes * 60_000)}`;
  const read = readMinutes(typed, limits);
  const away = station.driver === "agent" && !station.connected;
  const may = live && (blind || !away);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (start.isPending || !may || "problem" in read) return;
    const name = player.trim();
    start.mutate({
      station_id: station.id,
      duration_minutes: read.minutes,
      allow_offline: away && blind,
      ...(name === "" ? {} : { user_name: name }),
    });
  };

  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <Field
        label="Player"
        aside="optional"
        name="player"
        autoComplete="off"
        maxLength={80}
        value={player}
        onChange={(event) => setPlayer(event.target.value)}
      />
      <DurationChoice
        legend="How long"
        choices={START_CHOICES}
        label={(minutes) => `${minutes} min`}
        result={until}
        value={typed}
        onChange={setTyped}
        limits={limits}
        showProblem={tried}
      />
      {start.isError && (
        <Notice tone="last" role="alert">
          {inWords(start.error)}
        </Notice>
      )}
      <div>
        {away && (
          <Checkbox className="mb-4" checked={blind} onChange={setBlind}>
            Start although {station.name} isn’t connected
          </Checkbox>
        )}
        <Button type="submit" variant="primary" size="main" className="w-full" busy={start.isPending} disabled={!may}>
          {!start.isPending && <Play size={14} fill="currentColor" aria-hidden />}
          Start session
        </Button>
        <p className="mt-2.5 text-pretty text-ink-3">
          {!live && offNotice}
          {live &&
            !away &&
            outcome(station, ending, player.trim(), "minutes" in read ? until(read.minutes) : null, common, stations)}
          {live && away && blind && `${station.name} opens when it is back. The time counts from then on.`}
        </p>
      </div>
    </form>
  );
}

export const offNotice = "Waiting for the connection to the server.";

function outcome(
  station: Station,
  ending: Session | null,
  player: string,
  until: string | null,
  common: Translate<"common">,
  stations: Translate<"stations">,
): string {
  const whom = player === "" ? "" : ` for ${player}`;
  if (station.driver === "agent" && ending !== null) {
    const then = until === null ? "" : ` ${until}`;
    return `${station.name} ends the grace of ${playerName(ending, common)} at once, locks, and opens again${whom}${then}.`;
  }
  if (station.driver === "agent") {
    return `${station.name} opens${whom}${until === null ? "" : ` ${until}`}. The time counts once it is open.`;
  }
  const runs = until === null ? "" : ` and runs ${until}`;
  return `The time starts at once${whom}${runs}. Open the ${stations(`nouns.${station.kind}`)} yourself.`;
}
