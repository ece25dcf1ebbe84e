"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import { TextArea } from "@/components/ui/text-area";
import type { Session, Station } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { useLink } from "@/lib/live";
import { useSpeech } from "../speech";
import { useTell } from "../use-tell";

const LONGEST = 500;

interface MessageDialogProps {
  station: Station;
  session: Session | null;
  onClose: () => void;
}

/** A sentence that appears on the player's screen. */
export function MessageDialog({ station, session, onClose }: MessageDialogProps) {
  const [words, common] = [useWords("sessions"), useWords("common")];
  const speech = useSpeech();
  const { live } = useLink();
  const tell = useTell();
  const [text, setText] = useState("");
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const ready = live && station.connected && text.trim() !== "";
  const whom = session && session.status !== "ended" ? speech.player(session) : station.name;

  const send = async () => {
    if (!ready || sending) return;
    setSending(true);
    try {
      await tell(station, "message", text.trim());
      onClose();
    } catch (error) {
      setProblem(speech.say(error));
      setSending(false);
    }
  };

  return (
    <Dialog
      open
      onClose={onClose}
      title={words("message.title", { whom, station: station.name })}
      footer={
        <>
          <Button className="h-9 max-md:h-11" onClick={onClose}>
            {common("cancel")}
          </Button>
          <Button
            variant="primary"
            className="h-9 max-md:h-11"
            busy={sending}
            disabled={!ready}
            onClick={() => void send()}
          >
            {words("message.send")}
          </Button>
        </>
      }
    >
      <div
        className="grid gap-3"
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void send();
        }}
      >
        <TextArea
          label={words("message.label")}
          hint={words("message.hint")}
          maxLength={LONGEST}
          rows={3}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <div role="group" aria-label={words("message.usual")} className="flex flex-wrap gap-2">
          {(["fiveLeft", "closing", "comeToDesk"] as const).map((usual) => (
            <Button
              key={usual}
              className="h-auto min-h-8 py-1 text-start whitespace-normal"
              onClick={() => setText(words(`message.${usual}`))}
            >
              {words(`message.${usual}`)}
            </Button>
          ))}
        </div>
        {problem !== null && (
          <Notice tone="last" role="alert">
            {problem}
          </Notice>
        )}
      </div>
    </Dialog>
  );
}
