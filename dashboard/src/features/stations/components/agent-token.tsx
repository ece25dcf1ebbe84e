"use client";

import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import { useInWords, type Station } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { clock, useLink } from "@/lib/live";
import { useIssueToken } from "../queries";

/** Makes a new token for a station's agent after asking, and shows it once. */
export function AgentToken({ station, onClose }: { station: Station; onClose: () => void }) {
  const words = useWords("places");
  const inWords = useInWords();
  const { live } = useLink();
  const issue = useIssueToken(station.id);
  const name = station.name;

  if (!issue.data) {
    return (
      <ConfirmDialog
        open
        onClose={onClose}
        title={words("token.title", { name })}
        confirm={words("token.do")}
        busy={issue.isPending}
        disabled={!live}
        problem={issue.isError ? inWords(issue.error) : null}
        onConfirm={() => issue.mutate({ at: clock.now() })}
      >
        <p>{words("token.text", { name })}</p>
        {station.status === "in_session" && <p className="mt-2">{words("token.inSession", { name })}</p>}
        <p className="mt-2">{words("token.easier")}</p>
      </ConfirmDialog>
    );
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={words("token.made", { name })}
      className="w-[520px]"
      footer={
        <Button variant="primary" onClick={onClose}>
          {words("token.kept")}
        </Button>
      }
    >
      <div className="grid gap-4">
        <Notice tone="soon" role="status">
          {words("token.once")}
        </Notice>
        <div className="flex items-center gap-3 rounded-[8px] border border-line bg-plan p-3">
          <code dir="ltr" className="min-w-0 flex-1 font-mono text-[13px]/5 break-all">
            {issue.data.token}
          </code>
          <CopyButton text={issue.data.token} what={words("token.what", { name })} />
        </div>
        <p className="text-pretty text-ink-2">
          {words.rich("token.where", {
            name,
            code: (text) => (
              <code dir="ltr" className="font-mono">
                {text}
              </code>
            ),
          })}
        </p>
      </div>
    </Dialog>
  );
}
