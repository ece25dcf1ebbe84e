"use client";

import { Checkbox } from "@/components/ui/checkbox";
import { playerLanguages } from "../player-texts";
import { useLanguageName } from "./place-fields";

/** Which languages players can choose on the lock screen beside the venue's. */
export function PlayerLanguages({
  label,
  hint,
  problem,
  locale,
  value,
  onChange,
}: {
  label: string;
  hint: string;
  problem: string | null;
  locale: string;
  value: readonly string[];
  onChange: (value: readonly string[]) => void;
}) {
  const nameOf = useLanguageName();
  const offered = [...new Set([...playerLanguages, ...value])].filter((tag) => tag !== locale);
  return (
    <fieldset className="min-w-0">
      <legend className="text-[12px]/4 font-semibold text-ink-2">{label}</legend>
      <p className="mt-1 text-[12px]/4 text-pretty text-ink-3">{hint}</p>
      {problem && (
        <p role="alert" className="mt-1.5 text-last">
          {problem}
        </p>
      )}
      <div className="mt-2 grid grid-cols-[repeat(auto-fill,minmax(180px,1fr))] gap-x-4 gap-y-1">
        {offered.map((tag) => (
          <Checkbox
            key={tag}
            checked={value.includes(tag)}
            onChange={(on) => onChange(on ? [...value, tag] : value.filter((other) => other !== tag))}
          >
            {nameOf(tag) ?? tag}
          </Checkbox>
        ))}
      </div>
    </fieldset>
  );
}
