"use client";

import { useEffect, useState, type ReactNode } from "react";
import { Notice } from "@/components/ui/notice";
import { Wordmark } from "@/components/ui/wordmark";
import { credentials, type SignedIn } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { Queries } from "@/lib/queries";
import { useSignedIn } from "../queries";
import { SignInForm } from "./sign-in-form";

/**
 * Shows its children to somebody who is signed in, and the way in to everybody else. What one person has read, typed and
 * opened is not for the next one at this desk, so each person's children begin anew. Of somebody whose sign-in ran out
 * by itself everything stays as it was, out of sight and out of reach, until they are back.
 */
export function SignInGate({ children }: { children: ReactNode }) {
  const signedIn = useSignedIn();
  const kept = useKept(signedIn);
  const away = signedIn.phase !== "in";

  useEffect(() => {
    void credentials.restore();
  }, []);

  return (
    <>
      {kept !== null && (
        <div className={away ? "hidden" : "contents"} inert={away}>
          <Queries key={kept.person}>{children}</Queries>
        </div>
      )}
      {away && <WayIn signedIn={signedIn} />}
    </>
  );
}

/** Whose children are kept: of the one who is in, or of the one who was until the sign-in ran out. */
function useKept(signedIn: SignedIn): { person: string | null } | null {
  const [kept, keep] = useState<{ person: string | null } | null>(null);
  if (signedIn.phase === "in" && kept?.person !== signedIn.person) keep({ person: signedIn.person });
  if (signedIn.phase === "out" && !signedIn.expired && kept !== null) keep(null);
  return kept;
}

function WayIn({ signedIn }: { signedIn: SignedIn }) {
  const words = useWords("staff");
  return (
    // A dialog that is kept open out of sight would take every press for itself.
    <main className="pointer-events-auto grid min-h-dvh place-items-center bg-plan p-4">
      <div className="w-full max-w-[376px]">
        <Wordmark className="mb-6 justify-center" />
        {signedIn.phase === "checking" && <p className="sr-only">{words("gate.checking")}</p>}
        {signedIn.phase === "unreachable" && (
          <Notice tone="soon" role="alert">
            {words("gate.unreachable")}
          </Notice>
        )}
        {signedIn.phase === "out" && <SignInForm expired={signedIn.expired} />}
      </div>
    </main>
  );
}
