import type { ReactNode } from "react";
import { Notice } from "@/components/ui/notice";
import type { Session } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { useSpeech } from "../speech";

/** Why a session isn't open yet, and what to do when the server says that somebody should look. */
export function Waiting({ name, session }: { name: string; session: Session }): ReactNode {
  const words = useWords("sessions");
  const values = { station: name, player: useSpeech().player(session) };
  if (session.warning !== null) {
    const happened = session.warning === "open_failed" ? "open_failed" : session.delivery;
    return (
      <Notice tone="soon" role="status">
        {words(`waiting.${happened}`, values)} {words("waiting.unused")}
      </Notice>
    );
  }
  if (session.delivery !== "waiting_for_logon") return null;
  return (
    <Notice tone="wait" role="note">
      {words("waiting.logon", values)}
    </Notice>
  );
}
