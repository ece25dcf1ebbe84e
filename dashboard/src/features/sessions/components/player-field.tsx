"use client";

import { Combobox } from "@/components/ui/combobox";
import { useWords } from "@/lib/i18n";
import { useNow } from "@/lib/live";
import { useVenueTime } from "@/features/venues";
import { useRecentPlayers } from "../queries";

const SHOWN = 5;
const DAY_MS = 86_400_000;

/** Who plays. Names that were here lately are suggested as one types. */
export function PlayerField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [words, common] = [useWords("sessions"), useWords("common")];
  const time = useVenueTime();
  const recent = useRecentPlayers();
  const now = useNow((second) => second - (second % 60_000));
  const wanted = value.trim().toLocaleLowerCase();
  const found =
    wanted === "" ? [] : recent.filter(({ name }) => name !== value && name.toLocaleLowerCase().includes(wanted));
  return (
    <Combobox
      label={words("start.player")}
      aside={common("optional")}
      value={value}
      onChange={onChange}
      maxLength={80}
      listLabel={words("start.recent")}
      suggestions={found.slice(0, SHOWN).map(({ name, station, at }) => ({
        value: name,
        detail: words("start.lastOn", { station, when: now - at < DAY_MS / 2 ? time.clock(at) : time.day(at) }),
      }))}
    />
  );
}
