"use client";

import { useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { inWords, Problem } from "@/lib/api";
import { useSignIn } from "../queries";

/** Name and password for the front desk. `expired` says that a sign-in ran out by itself. */
export function SignInForm({ expired }: { expired: boolean }) {
  const signIn = useSignIn();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!signIn.isPending) signIn.mutate({ username: username.trim(), password });
  };

  return (
    <form onSubmit={submit} className="rounded-[12px] border border-line bg-zone p-6 light:bg-surface">
      <h1 className="text-[18px]/6 font-semibold">Sign in to the front desk</h1>
      <div className="mt-5 grid gap-4">
        {expired && !signIn.isError && (
          <Notice tone="wait" role="status">
            You were signed out. Sign in to go on; every session on the floor goes on too.
          </Notice>
        )}
        {signIn.isError && (
          <Notice tone="last" role="alert">
            {refusal(signIn.error)}
          </Notice>
        )}
        <Field
          label="Username"
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
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Button type="submit" variant="primary" size="main" busy={signIn.isPending}>
          Sign in
        </Button>
      </div>
    </form>
  );
}

function refusal(error: unknown): string {
  const wrong = error instanceof Problem && error.status === 401;
  return wrong ? "That name and password don't match. Check both, or ask an owner for a new password." : inWords(error);
}
