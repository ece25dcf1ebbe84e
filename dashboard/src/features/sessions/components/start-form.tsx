"use client";

import { Play } from "lucide-react";
import { useRef, type FormEvent, type KeyboardEvent } from "react";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { KeyHint } from "@/components/ui/key-hint";
import { Notice } from "@/components/ui/notice";
import type { Session, Station } from "@/lib/api";
import { isolated, useWords } from "@/lib/i18n";
import { useKeys } from "@/lib/keys";
import { useLink, useNow } from "@/lib/live";
import { useVenue, useVenueTime } from "@/features/venues";
import { useBusy } from "../acting";
import { changeDraft, dropDraft, useDraft } from "../drafts";
import { DEFAULT_LIMITS, readMinutes, START_CHOICES, usual } from "../minutes";
import { useDesk, useSpeech } from "../speech";
import { DurationChoice } from "./duration-choice";
import { PlayerField } from "./player-field";

/** Starts a session on a free station, or on one where another's grace runs; that one then ends at once. */
export function StartForm({ station, ending }: { station: Station; ending: Session | null }) {
  const { start } = useDesk();
  const speech = useSpeech();
  const { live } = useLink();
  const busy = useBusy(station.id);
  const limits = useVenue() ?? DEFAULT_LIMITS;
  const time = useVenueTime();
  const words = useWords("sessions");
  const [draft, change] = useDraft(station.id);
  // Ends are shown to the minute, so the form needs no second hand.
  const now = useNow((second) => second - (second % 60_000));
  const until = (minutes: number) => words("start.until", { time: time.clock(now + minutes * 60_000) });
  const read = readMinutes(draft.minutes, limits, words);
  const away = station.driver === "agent" && !station.connected;
  const may = live && (draft.blind || !away);
  const minutes = "minutes" in read ? read.minutes : null;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    change({ tried: true, problem: null });
    if (busy || !may || minutes === null) return;
    const player = draft.player.trim() || null;
    start({ station, minutes, player, blind: away && draft.blind }).then(
      () => dropDraft(station.id),
      (error: unknown) => changeDraft(station.id, { problem: speech.say(error) }),
    );
  };

  const form = useRef<HTMLFormElement>(null);
  const confirm = () => form.current?.requestSubmit();
  useKeys((key) => {
    if (key === "ctrl+enter") confirm();
    return key === "ctrl+enter";
  });
  // While somebody types here, keys aren't heard on the page.
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
    event.preventDefault();
    confirm();
  };

  return (
    <form ref={form} onSubmit={submit} onKeyDown={onKeyDown} noValidate className="grid gap-4">
      <PlayerField value={draft.player} onChange={(player) => change({ player })} />
      <DurationChoice
        legend={words("start.howLong")}
        choices={usual(START_CHOICES, limits)}
        label={(length) => words("start.minutes", { minutes: length })}
        result={until}
        value={draft.minutes}
        onChange={(typed) => change({ minutes: typed })}
        limits={limits}
        showProblem={draft.tried}
      />
      {draft.problem !== null && (
        <Notice tone="last" role="alert">
          {draft.problem}
        </Notice>
      )}
      <div>
        {away && (
          <Checkbox className="mb-4" checked={draft.blind} onChange={(blind) => change({ blind })}>
            {words("start.blind", { station: station.name })}
          </Checkbox>
        )}
        <Button
          type="submit"
          variant="primary"
          size="main"
          className="w-full"
          aria-keyshortcuts="Control+Enter"
          busy={busy}
          disabled={!may}
        >
          {!busy && <Play size={14} fill="currentColor" aria-hidden />}
          {minutes === null ? words("start.submit") : words("start.submitFor", { minutes })}
          <KeyHint keys="Ctrl ↵" className="rounded-[4px] border border-current px-1" />
        </Button>
        <p className="mt-2.5 text-pretty text-ink-3">
          {!live && words("offline")}
          {live && !away && (
            <Outcome station={station} ending={ending} player={draft.player.trim()} minutes={minutes} />
          )}
          {live && away && draft.blind && words("start.whenBack", { station: station.name })}
        </p>
      </div>
    </form>
  );
}

interface OutcomeProps {
  station: Station;
  ending: Session | null;
  player: string;
  minutes: number | null;
}

/** What pressing the button does to whom. */
function Outcome({ station, ending, player, minutes }: OutcomeProps) {
  const words = useWords("sessions");
  const noun = useWords("stations")(`nouns.${station.kind}`);
  const speech = useSpeech();
  const time = useVenueTime();
  const now = useNow((second) => second - (second % 60_000));
  const values = {
    station: station.name,
    whom: player === "" ? "no" : "yes",
    player: isolated(player),
    until: minutes === null ? "no" : "yes",
    time: minutes === null ? "" : time.clock(now + minutes * 60_000),
  };
  if (station.driver === "manual") return words("start.byHand", { ...values, noun });
  if (ending !== null) return words("start.endsGrace", { ...values, before: speech.player(ending) });
  return words("start.opens", values);
}
