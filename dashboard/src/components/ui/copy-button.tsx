import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { copyText } from "@/lib/clipboard";
import { cn } from "@/lib/cn";
import { useWords } from "@/lib/i18n";
import { Button, type ButtonProps } from "./button";

const SAID_FOR_MS = 2_000;

/** Puts a text on the clipboard and says so. `what` names it for whoever can't see what stands beside the button. */
export function CopyButton({
  text,
  what,
  className,
  ...rest
}: { text: string; what: string } & Omit<ButtonProps, "children" | "onClick">) {
  const words = useWords("common");
  const [state, setState] = useState<"copy" | "copied" | "cantCopy">("copy");

  useEffect(() => {
    if (state === "copy") return;
    const timer = setTimeout(() => setState("copy"), SAID_FOR_MS);
    return () => clearTimeout(timer);
  }, [state]);

  const copy = () => void copyText(text).then((done) => setState(done ? "copied" : "cantCopy"));
  const Icon = state === "copied" ? Check : Copy;
  return (
    <>
      <Button
        aria-label={state === "copy" ? words("copyOf", { what }) : undefined}
        className={cn("border border-line bg-surface", className)}
        onClick={copy}
        {...rest}
      >
        <Icon size={15} aria-hidden />
        {words(state)}
      </Button>
      <span role="status" className="sr-only">
        {state !== "copy" && words(state)}
      </span>
    </>
  );
}
