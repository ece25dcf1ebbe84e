"use client";

import { useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Problem, useInWords } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { useSignIn } from "../queries";

/** Name and password for the front desk. `expired` says that a sign-in ran out by itself. */
export function SignInForm({ expired }: { expired: boolean }) {
  const signIn = useSignIn();
  const words = useWords("staff");
  const inWords = useInWords();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!signIn.isPending) signIn.mutate({ username: username.trim(), password });
  };

  return (
    <form onSubmit={submit} className="rounded-[12px] border border-line bg-zone p-6 light:bg-surface">
      <h1 className="text-[18px]/6 font-semibold">{words("signIn.title")}</h1>
      <div className="mt-5 grid gap-4">
        {expired && !signIn.isError && (
          <Notice tone="wait" role="status">
            {words("signIn.expired")}
          </Notice>
        )}
        {signIn.isError && (
          <Notice tone="last" role="alert">
            {isRefused(signIn.error) ? words("signIn.wrong") : inWords(signIn.error)}
          </Notice>
        )}
        <Field
          label={words("signIn.username")}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          required
          value={username}
          onChange={(event) => setUsername(event.target.value)}
        />
        <Field
          label={words("signIn.password")}
          name="password"
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Button type="submit" variant="primary" size="main" busy={signIn.isPending}>
          {words("signIn.submit")}
        </Button>
      </div>
    </form>
  );
}

function isRefused(error: unknown): boolean {
  return error instanceof Problem && error.status === 401;
}
