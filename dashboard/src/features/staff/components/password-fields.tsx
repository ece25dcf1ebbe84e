"use client";

import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Field } from "@/components/ui/field";
import { useWords } from "@/lib/i18n";
import { LONGEST_PASSWORD, readablePassword, SHORTEST_PASSWORD } from "../passwords";

/** A password that one gives to somebody else: it is seen, can be made up and copied. */
export function GivenPassword({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const words = useWords("team");
  return (
    <div className="grid gap-2">
      <Field
        label={words("password.first")}
        hint={words("password.hint", { shortest: SHORTEST_PASSWORD })}
        dir="ltr"
        value={value}
        maxLength={LONGEST_PASSWORD}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        className="font-mono"
        onChange={(event) => onChange(event.target.value)}
      />
      <div className="flex gap-2">
        <Button onClick={() => onChange(readablePassword())}>{words("password.another")}</Button>
        <CopyButton text={value} what={words("password.what")} />
      </div>
    </div>
  );
}
