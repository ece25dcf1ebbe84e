"use client";

import { useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { MinutesField } from "@/components/ui/minutes-field";
import { Segmented } from "@/components/ui/segmented";
import type { Session } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { useLink } from "@/lib/live";
import { useMe } from "@/features/staff";
import { useVenue } from "@/features/venues";
import { useBusy } from "../acting";
import { DEFAULT_LIMITS, readMinutes } from "../minutes";
import { useDesk, useSpeech } from "../speech";
import { useNewEnd } from "./extend-choices";
import { Refused } from "./refused";

type Way = "add" | "more" | "less";

/** Any other time: an extension, or a manager's correction with its reason, up or down. Says the new end before. */
export function TimeDialog({ session, onClose }: { session: Session; onClose: () => void }) {
  const [words, common] = [useWords("sessions"), useWords("common")];
  const { extend, correct } = useDesk();
  const player = useSpeech().player(session);
  const { live } = useLink();
  const busy = useBusy(session.station_id);
  const role = useMe()?.role;
  const venue = useVenue() ?? DEFAULT_LIMITS;
  const until = useNewEnd(session);
  const [way, setWay] = useState<Way>("add");
  const [typed, setTyped] = useState("45");
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const step = way === "add" ? venue.step_minutes : 1;
  const read = readMinutes(typed, { ...venue, min_minutes: step, step_minutes: step }, words);
  const seconds = "minutes" in read ? read.minutes * (way === "less" ? -60 : 60) : null;
  const corrects = role === "manager" || role === "owner";
  const needsReason = way !== "add" && reason.trim() === "";

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (seconds === null || needsReason || busy || !live) return;
    if (way === "add") {
      onClose();
      return void extend(session, seconds / 60);
    }
    if (await correct(session, seconds, reason.trim())) onClose();
  };

  return (
    <Dialog open onClose={onClose} title={words("time.title", { station: session.station_name, player })}>
      <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-4">
        {corrects && (
          <Segmented
            label={words("time.way")}
            value={way}
            onChange={setWay}
            segments={(["add", "more", "less"] as const).map((value) => ({
              value,
              label: words(`time.ways.${value}`),
            }))}
          />
        )}
        <MinutesField
          value={typed}
          onChange={setTyped}
          step={step}
          result={seconds === null ? "" : until(seconds)}
          problem={tried && "problem" in read ? read.problem : null}
        />
        {way !== "add" && (
          <Field
            label={words("time.reason")}
            hint={words("time.reasonHint")}
            maxLength={200}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            problem={tried && needsReason ? words("time.noReason") : null}
          />
        )}
        <Refused station={session.station_id} />
        <div className="flex justify-end gap-2 max-md:grid max-md:grid-cols-2">
          <Button className="h-9 max-md:h-11" onClick={onClose}>
            {common("cancel")}
          </Button>
          <Button type="submit" variant="primary" className="h-9 max-md:h-11" busy={busy} disabled={!live}>
            {words(way === "add" ? "time.extend" : "time.correct")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
