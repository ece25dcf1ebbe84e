import { useMemo } from "react";
import type { Session } from "@/lib/api";
import { useWords, type Translate } from "@/lib/i18n";
import { useTimeWords, type TimeWords } from "@/lib/time";
import type { TileView } from "./tile";

/** What a tile says, in the dashboard's language. */
export interface TileWords {
  word: (view: Pick<TileView, "word">) => string | null;
  player: (view: Pick<TileView, "occupied" | "player">) => string | null;
  note: (view: Pick<TileView, "note" | "noteCount" | "remark">) => string | null;
  warning: (view: Pick<TileView, "warning">) => string | null;
  /** The tile's accessible name; without seconds. */
  spoken: (view: TileView) => string;
}

export function useTileWords(): TileWords {
  const words = useWords("stations");
  const guest = useWords("common")("guest");
  const lengths = useTimeWords();
  return useMemo(() => tileWords(words, guest, lengths), [words, guest, lengths]);
}

/** Whom a session is for. */
export function playerName(session: Session, common: Translate<"common">): string {
  return session.user_name ?? common("guest");
}

/** How far the PC is with a session. */
export function deliveryWord({ delivery }: Pick<Session, "delivery">, words: Translate<"stations">): string {
  return words(`words.${delivery}`);
}

export function tileWords(words: Translate<"stations">, guest: string, lengths: TimeWords): TileWords {
  const said: TileWords = {
    word: ({ word }) => word && words(`words.${word}`),
    player: ({ occupied, player }) => (occupied ? (player ?? guest) : null),
    warning: ({ warning }) => warning && words(`warnings.${warning}`),
    note: ({ note, noteCount, remark }) => {
      if (note === null) return remark;
      if (note === "unseen") return words("notes.unseen", { ago: lengths.ago(noteCount) });
      return note === "granted" ? words("notes.granted", { count: noteCount }) : words(`notes.${note}`);
    },
    spoken: (view) => parts(view).join(words("spoken.comma")),
  };

  const present = (part: string | null): part is string => part !== null;

  function parts(view: TileView): string[] {
    const { name, state } = view;
    const player = said.player(view);
    const left = view.spokenLeft === null ? null : words("spoken.left", { time: lengths.spoken(view.spokenLeft) });
    const lock = view.lock && words(`spoken.${view.lock}`);
    const all: Record<TileView["state"], (string | null)[]> = {
      free: [name, words("spoken.free"), said.warning(view) ?? lock],
      "no-pc": [name, words("spoken.noPc"), said.note(view)],
      maintenance: [name, words("spoken.maintenance"), view.remark],
      waiting: [name, words("spoken.waiting"), player, said.word(view), said.warning(view)],
      paused: [name, words("spoken.paused"), player, left],
      "time-up": [name, words("spoken.timeUp"), player, view.note === "grace" ? words("spoken.inGrace") : null],
      offline: [name, words("spoken.inSession"), player, left, words("spoken.offline")],
      ok: [name, words("spoken.inSession"), player, left, lock],
      soon: [name, words("spoken.inSession"), player, left, lock],
      last: [name, words("spoken.inSession"), player, left, lock],
    };
    return all[state].filter(present);
  }

  return said;
}
