"use client";

import { ChoiceCards } from "@/components/ui/choice-cards";
import { MinutesField } from "@/components/ui/minutes-field";
import { useWords } from "@/lib/i18n";
import { readMinutes, type Limits } from "../minutes";

/** How many minutes: usual lengths to press, and any other to type. Each says what it leads to before it is pressed. */
export function DurationChoice({
  legend,
  choices,
  label,
  result,
  value,
  onChange,
  limits,
  showProblem,
}: {
  legend: string;
  choices: readonly number[];
  label: (minutes: number) => string;
  result: (minutes: number) => string;
  value: string;
  onChange: (value: string) => void;
  limits: Limits;
  showProblem: boolean;
}) {
  const read = readMinutes(value, limits, useWords("sessions"));
  const minutes = "minutes" in read ? read.minutes : null;
  return (
    <div className="grid gap-2">
      <ChoiceCards
        legend={legend}
        choices={choices.map((choice) => ({ value: choice, label: label(choice), result: result(choice) }))}
        value={minutes}
        onChange={(choice) => onChange(String(choice))}
      />
      <MinutesField
        value={value}
        onChange={onChange}
        step={limits.step_minutes}
        result={minutes === null ? "" : result(minutes)}
        problem={showProblem && "problem" in read ? read.problem : null}
      />
    </div>
  );
}
