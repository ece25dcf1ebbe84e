"use client";

import { useState } from "react";
import { ConfirmDialog } from "@/components/ui/confirm";
import type { Session, Station } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { useLink } from "@/lib/live";
import type { PcCommand } from "../commands";
import { useSpeech } from "../speech";
import { useTell } from "../use-tell";

interface CommandDialogProps {
  station: Station;
  session: Session | null;
  command: Exclude<PcCommand, "message">;
  onClose: () => void;
}

/** Asks before a PC is told to do something, and names whom it hits. */
export function CommandDialog({ station, session, command, onClose }: CommandDialogProps) {
  const words = useWords("sessions");
  const speech = useSpeech();
  const { live } = useLink();
  const tell = useTell();
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const playing = session !== null && session.status !== "ended";

  const send = async () => {
    setSending(true);
    try {
      await tell(station, command);
      onClose();
    } catch (error) {
      setProblem(speech.say(error));
      setSending(false);
    }
  };

  return (
    <ConfirmDialog
      open
      danger={playing || command === "shutdown"}
      onClose={onClose}
      title={words(`command.title.${command}`, { station: station.name })}
      confirm={words(`pc.${command}`)}
      busy={sending}
      disabled={!live || !station.connected}
      problem={problem ?? (station.connected ? null : words("pc.notConnected"))}
      onConfirm={() => void send()}
    >
      {playing
        ? words("command.playing", { player: speech.player(session), command })
        : words(`command.does.${command}`)}
    </ConfirmDialog>
  );
}
