import { useCallback, useState } from "react";
import { toast } from "@/lib/toast";
import type { Station } from "@/lib/api";
import { outcomeOf, tell, type Command, type PcCommand } from "./commands";
import { Keys } from "./keys";
import { useSpeech } from "./speech";

/** Tells a PC to do something, and says what became of it once that is known. Rejects when it was refused. */
export function useTell(): (station: Station, command: PcCommand, text?: string) => Promise<void> {
  const { words } = useSpeech();
  const [keys] = useState(() => new Keys());
  return useCallback(
    async ({ id, name }, command, text) => {
      const given = await keys.under(JSON.stringify([id, command, text]), (key) => tell(key, id, command, text));
      const values = { station: name, command };
      const notice = toast.loading(words("told.asking", values));
      void outcomeOf(given).then((known: Command) => {
        const ways = { id: notice, closeButton: true };
        if (known.state === "done") toast.success(words("told.done", values), ways);
        else if (known.state === "sent") toast.info(words("told.sent", values), ways);
        else
          toast.error(words(known.state === "failed" ? "told.failed" : "told.expired", values), {
            ...ways,
            duration: 15_000,
          });
      });
    },
    [keys, words],
  );
}
