import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";
import { control, Labelled, type LabelledProps } from "./labelled";

export interface TextAreaProps extends ComponentProps<"textarea">, LabelledProps {}

/** A labelled field of several lines. It grows with what is typed, where the browser can do that. */
export function TextArea({ label, aside, hint, problem, className, ...rest }: TextAreaProps) {
  return (
    <Labelled label={label} aside={aside} hint={hint} problem={problem}>
      {(tied) => (
        <textarea
          {...tied}
          rows={3}
          className={cn(control, "field-sizing-content max-h-80 min-h-20 resize-y py-2.5", className)}
          {...rest}
        />
      )}
    </Labelled>
  );
}
