import type { ReactNode } from "react";
import { useWords, type Translate } from "@/lib/i18n";
import { Notice } from "@/components/ui/notice";
import type { Session } from "@/lib/api";
import { playerName } from "@/features/stations";

/** Why a session isn't open yet, and what to do when the server says that somebody should look. */
export function Waiting({ name, session }: { name: string; session: Session }): ReactNode {
  const common = useWords("common");
  if (session.warning !== null) {
    return (
      <Notice tone="soon" role="status">
        {happened(name, session, common)} No time is used until it opens.
      </Notice>
    );
  }
  if (session.delivery !== "waiting_for_logon") return null;
  return (
    <Notice tone="wait" role="note">
      {name} has the session and waits for {playerName(session, common)} to sign in there.
    </Notice>
  );
}

function happened(name: string, session: Session, common: Translate<"common">): string {
  if (session.warning === "open_failed") {
    return `${name} tried to open for ${playerName(session, common)} and couldn’t. Look at its screen, or end the session.`;
  }
  switch (session.delivery) {
    case "sending":
      return `${name} doesn’t answer. Check that it is on and connected.`;
    case "waiting_for_logon":
      return `${name} has the session and still waits for ${playerName(session, common)} to sign in there.`;
    default:
      return `${name} has the session and hasn’t said that it is open. Look at its screen.`;
  }
}
