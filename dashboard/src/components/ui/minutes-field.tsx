import { Minus, Plus } from "lucide-react";
import { useId } from "react";
import { useWords } from "@/lib/i18n";
import { cn } from "@/lib/cn";

/** Whole minutes, typed or stepped. `result` says what they lead to. */
export function MinutesField({
  value,
  onChange,
  step,
  result,
  problem,
}: {
  value: string;
  onChange: (value: string) => void;
  step: number;
  result: string;
  problem: string | null;
}) {
  const id = useId();
  const words = useWords("sessions.field");
  const number = Number.parseInt(value, 10) || 0;
  const stepper = "grid size-8 place-items-center rounded-[7px] border border-line hover:bg-raised max-md:size-11";
  return (
    <div>
      <div
        className={cn(
          "flex items-center gap-2 rounded-[8px] border border-line bg-surface py-[7px] ps-3.5 pe-3",
          problem && "border-last",
        )}
      >
        <label htmlFor={id} className="font-semibold">
          {words("minutes")}
        </label>
        <button
          type="button"
          aria-label={words("less", { count: 5 * step })}
          className={cn(stepper, "ms-2")}
          onClick={() => onChange(String(Math.max(step, number - 5 * step)))}
        >
          <Minus size={15} aria-hidden />
        </button>
        <input
          id={id}
          type="text"
          inputMode="numeric"
          autoComplete="off"
          maxLength={5}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          onFocus={(event) => event.target.select()}
          aria-invalid={problem ? true : undefined}
          aria-describedby={problem ? `${id}-problem` : undefined}
          className="h-8 w-14 rounded-[7px] border border-line-strong bg-zone text-center text-[14px] font-semibold tabular-nums max-md:h-11 max-md:text-[16px] light:bg-surface"
        />
        <button
          type="button"
          aria-label={words("more", { count: 5 * step })}
          className={stepper}
          onClick={() => onChange(String(number + 5 * step))}
        >
          <Plus size={15} aria-hidden />
        </button>
        <span className="ms-auto text-[12px]/4 whitespace-nowrap text-ink-3 tabular-nums">{result}</span>
      </div>
      {problem && (
        <p id={`${id}-problem`} className="mt-1.5 text-last">
          {problem}
        </p>
      )}
    </div>
  );
}
