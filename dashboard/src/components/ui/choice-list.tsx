import { useId, type ReactNode } from "react";
import { cn } from "@/lib/cn";

/** A choice of one, each with a sentence that says what it means. */
export function ChoiceList<V extends string>({
  legend,
  choices,
  value,
  disabled,
  onChange,
}: {
  legend: string;
  choices: readonly { value: V; label: string; hint?: ReactNode }[];
  value: V;
  disabled?: boolean | undefined;
  onChange: (value: V) => void;
}) {
  const group = useId();
  return (
    <fieldset disabled={disabled} className="grid min-w-0 gap-2">
      <legend className="mb-1.5 text-[12px]/4 font-semibold text-ink-2">{legend}</legend>
      {choices.map((choice) => (
        <label
          key={choice.value}
          className={cn(
            "flex cursor-pointer gap-2.5 rounded-[8px] border border-line bg-surface px-3 py-2.5 hover:bg-raised",
            "has-checked:border-accent has-checked:bg-accent-soft",
            "has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus",
            "has-disabled:cursor-default has-disabled:opacity-45",
          )}
        >
          <input
            type="radio"
            name={group}
            checked={choice.value === value}
            aria-describedby={choice.hint ? `${group}-${choice.value}` : undefined}
            onChange={() => onChange(choice.value)}
            className="mt-px size-4 shrink-0 accent-accent outline-none"
          />
          <span className="min-w-0">
            <span className="block font-semibold">{choice.label}</span>
            {choice.hint && (
              <span id={`${group}-${choice.value}`} className="mt-0.5 block text-[12px]/4 text-pretty text-ink-3">
                {choice.hint}
              </span>
            )}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
