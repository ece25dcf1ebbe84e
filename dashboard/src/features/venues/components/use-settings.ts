import { useState } from "react";
import { toast } from "@/lib/toast";
import { credentials, Problem, useInWords, useQuoted, type Venue } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { useUnsaved } from "../drafts";
import { useChangeVenue } from "../queries";
import { differing, draftOf, patchOf, settingOf, wrongIn, type Draft, type Setting } from "../settings";

export interface SettingsDraft {
  draft: Draft;
  changed: readonly Setting[];
  /** What somebody else changed since this was begun, and is changed here, too. */
  disputed: readonly Setting[];
  overtaken: boolean;
  problems: Partial<Record<Setting, string>>;
  /** A refusal that belongs to no setting. */
  refusal: string | null;
  busy: boolean;
  set: <S extends Setting>(setting: S, value: Draft[S]) => void;
  save: () => void;
  /** Goes on from what the other one saved; what was typed here stays. */
  goOn: () => void;
  discard: () => void;
}

/** The settings as they are being changed here: what isn't touched follows the venue. */
export function useSettings(venue: Venue): SettingsDraft {
  const words = useWords("settings");
  const inWords = useInWords();
  const quoted = useQuoted();
  const refusalOf = (setting: Setting, message: string) =>
    setting === "time_zone" || setting === "locale" ? words(`refused.${setting}`) : quoted(message);
  const [unsaved, keep] = useUnsaved();
  const change = useChangeVenue();
  const [tried, setTried] = useState(false);

  const now = draftOf(venue);
  const draft: Draft = { ...now, ...unsaved?.edits };
  const changed = differing(draft, now);
  const overtaken = unsaved !== null && unsaved.version !== venue.version && changed.length > 0;
  const theirs = overtaken ? differing(now, unsaved.seen) : [];
  const wrong = tried ? wrongIn(draft) : [];

  const problems: Partial<Record<Setting, string>> = {};
  const refused = change.error instanceof Problem ? change.error : null;
  for (const [field, message] of Object.entries(refused?.fields ?? {})) {
    const setting = settingOf(field);
    if (setting) problems[setting] ??= refusalOf(setting, message);
  }
  for (const one of wrong) {
    const { setting } = one;
    problems[setting] = one.why === "needed" ? words("needed") : words("figure", { least: one.least, most: one.most });
  }
  const placed = Object.keys(problems).length > 0;

  return {
    draft,
    changed,
    overtaken,
    disputed: theirs.filter((setting) => changed.includes(setting)),
    problems,
    refusal: change.isError && !placed ? inWords(change.error) : null,
    busy: change.isPending,
    set: (setting, value) => {
      const before = unsaved ?? { person: credentials.person(), version: venue.version, seen: now, edits: {} };
      keep({ ...before, edits: { ...before.edits, [setting]: value } });
      if (change.isError) change.reset();
    },
    save: () => {
      setTried(true);
      if (wrongIn(draft).length > 0 || change.isPending || changed.length === 0) return;
      change.mutate(
        { ...patchOf(draft, changed), expected_version: unsaved?.version ?? venue.version },
        {
          onSuccess: () => {
            keep(null);
            setTried(false);
            toast.success(words("saved"));
          },
        },
      );
    },
    goOn: () => {
      if (unsaved) keep({ ...unsaved, version: venue.version, seen: now });
      change.reset();
    },
    discard: () => {
      keep(null);
      setTried(false);
      change.reset();
    },
  };
}
