"use client";

import { DoorOpen } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import type { Session } from "@/lib/api";
import { useLink } from "@/lib/live";
import { useRefusal } from "../changed";
import { useConfirm } from "../queries";

/** For a PC that is open and doesn't say so: staff insists, and the time counts. */
export function ConfirmOpen({ name, session }: { name: string; session: Session }) {
  const confirm = useConfirm(session.id);
  const { live } = useLink();
  const refusal = useRefusal();
  return (
    <div className="grid gap-2">
      <Button
        className="h-10 max-md:h-12"
        busy={confirm.isPending}
        disabled={!live}
        aria-describedby={`insist-${session.id}`}
        onClick={() => {
          if (!confirm.isPending) confirm.mutate({ expected_version: session.version });
        }}
      >
        {!confirm.isPending && <DoorOpen size={14} aria-hidden />}
        It is open
      </Button>
      <p id={`insist-${session.id}`} className="text-ink-3">
        Press this only if somebody can play on {name}. The time counts from then on.
      </p>
      {confirm.isError && (
        <Notice tone="last" role="alert">
          {refusal(confirm.error)}
        </Notice>
      )}
    </div>
  );
}
