"use client";

import { Lock, LogOut, Power, RotateCw, type LucideIcon } from "lucide-react";
import { Button } from "@/components/ui/button";
import type { Station } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { useLink } from "@/lib/live";
import { useMayRunSessions, useMe } from "@/features/staff";
import { ask } from "../asked";

const commands = [
  { command: "lock", Icon: Lock },
  { command: "log_off", Icon: LogOut },
  { command: "restart", Icon: RotateCw },
  { command: "shutdown", Icon: Power },
] as const satisfies { command: string; Icon: LucideIcon }[];

/** What a PC can be told, each after asking. Restarting and shutting down are a manager's. */
export function PcCommands({ station }: { station: Station }) {
  const words = useWords("sessions");
  const { live } = useLink();
  const role = useMe()?.role;
  const mayRun = useMayRunSessions();
  if (station.driver !== "agent" || !mayRun) return null;
  const manages = role === "manager" || role === "owner";
  const shown = commands.filter(({ command }) => manages || command === "lock" || command === "log_off");
  return (
    <div role="group" aria-label={words("pc.commands")} className="mt-3 grid grid-cols-2 gap-2">
      {shown.map(({ command, Icon }) => (
        <Button
          key={command}
          className="h-9 px-2 max-md:h-12"
          disabled={!live || !station.connected}
          onClick={() => ask({ what: "command", station: station.id, command })}
        >
          <Icon size={14} className={command === "log_off" ? "rtl:-scale-x-100" : ""} aria-hidden />
          <span className="truncate">{words(`pc.${command}`)}</span>
        </Button>
      ))}
      {!station.connected && <p className="col-span-2 text-[12px]/4 text-ink-3">{words("pc.notConnected")}</p>}
    </div>
  );
}
