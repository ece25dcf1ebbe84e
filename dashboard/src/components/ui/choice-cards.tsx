import { useId } from "react";
import { cn } from "@/lib/cn";

export interface Choice {
  value: number;
  label: string;
  /** What choosing this leads to. */
  result: string;
}

/** A row of cards of which one, or none, is chosen. */
export function ChoiceCards({
  legend,
  choices,
  value,
  onChange,
  disabled = false,
}: {
  legend: string;
  choices: readonly Choice[];
  value: number | null;
  onChange: (value: number) => void;
  disabled?: boolean;
}) {
  const group = useId();
  return (
    <fieldset disabled={disabled} className="min-w-0">
      <legend className="mb-1.5 text-[12px]/4 font-semibold text-ink-2">{legend}</legend>
      <div className="grid auto-cols-fr grid-flow-col gap-2">
        {choices.map((choice) => (
          <label
            key={choice.value}
            className={cn(
              "grid cursor-pointer justify-items-center rounded-[8px] border border-line bg-surface px-1 py-[9px] hover:bg-raised",
              "has-checked:border-accent has-checked:bg-accent-soft has-checked:shadow-[inset_0_0_0_1px_var(--accent)]",
              "has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus",
              "has-disabled:cursor-default has-disabled:opacity-45",
            )}
          >
            <input
              type="radio"
              className="sr-only"
              name={group}
              checked={value === choice.value}
              onChange={() => onChange(choice.value)}
            />
            <span className="text-[14px]/[18px] font-semibold">{choice.label}</span>{" "}
            <span className="text-[12px]/4 whitespace-nowrap text-ink-3 tabular-nums">{choice.result}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
