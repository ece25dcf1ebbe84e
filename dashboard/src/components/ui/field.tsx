import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";
import { control, Labelled, type LabelledProps } from "./labelled";

export interface FieldProps extends ComponentProps<"input">, LabelledProps {}

/** A labelled text field. */
export function Field({ label, aside, hint, problem, className, ...rest }: FieldProps) {
  return (
    <Labelled label={label} aside={aside} hint={hint} problem={problem}>
      {(tied) => <input {...tied} className={cn(control, "h-10 max-md:h-12", className)} {...rest} />}
    </Labelled>
  );
}
