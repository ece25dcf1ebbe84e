import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";
import { control, Labelled, type LabelledProps } from "./labelled";

export interface Option<V extends string> {
  value: V;
  label: string;
  disabled?: boolean;
}

export interface SelectProps<V extends string>
  extends Omit<ComponentProps<"select">, "value" | "onChange" | "children">, LabelledProps {
  options: readonly Option<V>[];
  value: V;
  onChange: (value: V) => void;
}

/** A labelled choice of one: the browser's own, which phones and screen readers know best. */
export function Select<V extends string>({ label, aside, hint, problem, ...rest }: SelectProps<V>) {
  return (
    <Labelled label={label} aside={aside} hint={hint} problem={problem}>
      {(tied) => <Choice {...tied} {...rest} />}
    </Labelled>
  );
}

function Choice<V extends string>({
  options,
  value,
  onChange,
  className,
  ...rest
}: Omit<SelectProps<V>, keyof LabelledProps>) {
  return (
    <div className="relative min-w-0">
      <select
        value={value}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value);
          if (chosen) onChange(chosen.value);
        }}
        className={cn(control, "h-10 appearance-none truncate pe-9 max-md:h-12", className)}
        {...rest}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown
        size={15}
        aria-hidden
        className="pointer-events-none absolute end-3 top-1/2 -translate-y-1/2 text-ink-3"
      />
    </div>
  );
}
