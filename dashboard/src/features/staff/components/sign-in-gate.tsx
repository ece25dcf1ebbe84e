"use client";

import { useEffect, type ReactNode } from "react";
import { Notice } from "@/components/ui/notice";
import { Wordmark } from "@/components/ui/wordmark";
import { credentials } from "@/lib/api";
import { Queries } from "@/lib/queries";
import { useSignedIn } from "../queries";
import { SignInForm } from "./sign-in-form";

/**
 * Shows its children to somebody who is signed in, and the way in to everybody else. What one person has read, typed and
 * opened is not for the next one at this desk, so each person's children begin anew.
 */
export function SignInGate({ children }: { children: ReactNode }) {
  const signedIn = useSignedIn();
  const { phase } = signedIn;

  useEffect(() => {
    void credentials.restore();
  }, []);

  if (phase === "in") return <Queries key={signedIn.person}>{children}</Queries>;
  return (
    <main className="grid min-h-dvh place-items-center bg-plan p-4">
      <div className="w-full max-w-[376px]">
        <Wordmark className="mb-6 justify-center" />
        {phase === "checking" && <p className="sr-only">Looking whether you are signed in.</p>}
        {phase === "unreachable" && (
          <Notice tone="soon" role="alert">
            No answer from the server. Check that it runs and that this computer is on its network. This page goes on by
            itself once it answers.
          </Notice>
        )}
        {phase === "out" && <SignInForm expired={signedIn.expired} />}
      </div>
    </main>
  );
}
