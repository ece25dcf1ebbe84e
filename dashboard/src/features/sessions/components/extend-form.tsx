"use client";

import { Plus } from "lucide-react";
import { useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import type { Session } from "@/lib/api";
import { useLink } from "@/lib/live";
import { useTimeWords } from "@/lib/time";
import { useVenue, useVenueTime } from "@/features/venues";
import { useRefusal } from "../changed";
import { DEFAULT_LIMITS, EXTEND_CHOICES, readMinutes } from "../minutes";
import { useExtend } from "../queries";
import { DurationChoice } from "./duration-choice";
import { offNotice } from "./start-form";

/** Adds time to a session, and says until when it then runs; to one in its grace, from its end on. */
export function ExtendForm({ session }: { session: Session }) {
  const extend = useExtend(session.id);
  const { live } = useLink();
  const limits = useVenue() ?? DEFAULT_LIMITS;
  const time = useVenueTime();
  const refusal = useRefusal();
  const lengths = useTimeWords();
  const [typed, setTyped] = useState("15");
  const [tried, setTried] = useState(false);
  const end = session.ended_at ?? session.scheduled_end_at;
  const to = (minutes: number) =>
    end === null
      ? `${lengths.figure(session.remaining_seconds + minutes * 60)} left`
      : `to ${time.clock(Date.parse(end) + minutes * 60_000)}`;
  const read = readMinutes(typed, { ...limits, min_minutes: limits.step_minutes });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (extend.isPending || !live || "problem" in read) return;
    extend.mutate({ additional_minutes: read.minutes }, { onSuccess: () => setTried(false) });
  };

  return (
    <form onSubmit={submit} noValidate className="grid gap-2">
      <DurationChoice
        legend="More time"
        choices={EXTEND_CHOICES}
        label={(minutes) => `+${minutes}`}
        result={to}
        value={typed}
        onChange={setTyped}
        limits={{ ...limits, min_minutes: limits.step_minutes }}
        showProblem={tried}
      />
      {extend.isError && (
        <Notice tone="last" role="alert">
          {refusal(extend.error)}
        </Notice>
      )}
      <Button type="submit" variant="primary" size="main" className="mt-1" busy={extend.isPending} disabled={!live}>
        {!extend.isPending && <Plus size={16} aria-hidden />}
        Extend
      </Button>
      {!live && <p className="text-ink-3">{offNotice}</p>}
    </form>
  );
}
