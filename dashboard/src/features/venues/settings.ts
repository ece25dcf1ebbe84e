import type { Venue } from "@/lib/api";
import type { components } from "@/lib/api/schema";

export type VenuePatch = components["schemas"]["VenuePatch"];
export type OwnTexts = readonly { tag: string; key: string; text: string }[];

/** The settings as they stand in the form: numbers as they are typed, "" for what is left to each PC. */
export interface Draft {
  name: string;
  time_zone: string;
  /** `06:00` */
  day_start: string;
  locale: string;
  languages: readonly string[];
  house_message: string;
  texts: OwnTexts;
  min_minutes: string;
  max_minutes: string;
  step_minutes: string;
  max_pause_minutes: string;
  unconfirmed_seconds: string;
  never_opened_seconds: string;
  warning_seconds: string;
  grace_seconds: string;
  auto_lock: Answer;
  auto_logout: Answer;
  lock_mode: "" | "kiosk" | "workstation";
}

export type Answer = "" | "yes" | "no";
export type Setting = keyof Draft;

export function draftOf(venue: Venue): Draft {
  const mode = venue.lock_mode;
  return {
    name: venue.name,
    time_zone: venue.time_zone,
    day_start: timeOf(venue.day_start_minutes),
    locale: venue.locale,
    languages: venue.languages ?? [],
    house_message: venue.house_message ?? "",
    texts: Object.entries(venue.texts ?? {}).flatMap(([tag, words]) =>
      Object.entries(words).map(([key, text]) => ({ tag, key, text })),
    ),
    min_minutes: String(venue.min_minutes),
    max_minutes: String(venue.max_minutes),
    step_minutes: String(venue.step_minutes),
    max_pause_minutes: String(venue.max_pause_minutes),
    unconfirmed_seconds: String(venue.unconfirmed_seconds),
    never_opened_seconds: String(venue.never_opened_seconds),
    warning_seconds: venue.warning_seconds === null ? "" : String(venue.warning_seconds),
    grace_seconds: venue.grace_seconds === null ? "" : String(venue.grace_seconds),
    auto_lock: answerOf(venue.auto_lock),
    auto_logout: answerOf(venue.auto_logout),
    lock_mode: mode === "kiosk" || mode === "workstation" ? mode : "",
  };
}

/** Which settings differ between two drafts. */
export function differing(a: Draft, b: Draft): Setting[] {
  return (Object.keys(a) as Setting[]).filter((key) => JSON.stringify(a[key]) !== JSON.stringify(b[key]));
}

/** The least and the most of each figure; those with `open` may be left to each PC. */
export const figures = {
  min_minutes: { least: 1, most: 10_080 },
  max_minutes: { least: 1, most: 10_080 },
  step_minutes: { least: 1, most: 10_080 },
  max_pause_minutes: { least: 1, most: 1440 },
  unconfirmed_seconds: { least: 5, most: 3600 },
  never_opened_seconds: { least: 30, most: 86_400 },
  warning_seconds: { least: 0, most: 7200, open: true },
  grace_seconds: { least: 0, most: 3600, open: true },
} as const;

export type FigureName = keyof typeof figures;
export type Wrong =
  { setting: Setting; why: "needed" } | { setting: FigureName; why: "figure"; least: number; most: number };

/** What can be seen here to be wrong; the rest is the server's to say. */
export function wrongIn(draft: Draft): Wrong[] {
  const wrong: Wrong[] = [];
  for (const setting of ["name", "time_zone", "day_start", "locale"] as const) {
    if (draft[setting].trim() === "") wrong.push({ setting, why: "needed" });
  }
  if (draft.texts.some(({ text }) => text.trim() === "")) wrong.push({ setting: "texts", why: "needed" });
  for (const setting of Object.keys(figures) as FigureName[]) {
    const { least, most } = figures[setting];
    const typed = draft[setting].trim();
    const mayBeOpen = "open" in figures[setting] && typed === "";
    const fits = /^\d{1,6}$/.test(typed) && Number(typed) >= least && Number(typed) <= most;
    if (!mayBeOpen && !fits) wrong.push({ setting, why: "figure", least, most });
  }
  return wrong;
}

/** The request that changes these settings and no others. */
export function patchOf(draft: Draft, changed: readonly Setting[]): VenuePatch {
  return Object.assign({}, ...changed.map((setting) => wire(draft, setting))) as VenuePatch;
}

function wire(draft: Draft, setting: Setting): VenuePatch {
  if (setting === "day_start") return { day_start_minutes: minutesOf(draft.day_start) };
  if (setting === "languages") return { languages: draft.languages.length > 0 ? [...draft.languages] : null };
  if (setting === "texts") return { texts: textsOf(draft.texts) };
  if (setting === "house_message") return { house_message: draft.house_message.trim() || null };
  if (setting === "lock_mode") return { lock_mode: draft.lock_mode === "" ? null : draft.lock_mode };
  if (setting === "auto_lock" || setting === "auto_logout") {
    return { [setting]: draft[setting] === "" ? null : draft[setting] === "yes" };
  }
  if (isFigure(setting)) return { [setting]: draft[setting].trim() === "" ? null : Number(draft[setting]) };
  return { [setting]: draft[setting].trim() };
}

function isFigure(setting: Setting): setting is FigureName {
  return setting in figures;
}

/** Under which setting of the form a field of the server's refusal stands: `texts.tr.lock.ask` under the own words. */
export function settingOf(field: string): Setting | null {
  const name = field.split(".")[0] ?? "";
  if (name === "day_start_minutes") return "day_start";
  return settings.has(name) ? (name as Setting) : null;
}

const settings: ReadonlySet<string> = new Set<Setting>([
  ...(Object.keys(figures) as FigureName[]),
  ...(["name", "time_zone", "locale", "languages", "house_message", "texts"] as const),
  ...(["auto_lock", "auto_logout", "lock_mode"] as const),
]);

function textsOf(texts: OwnTexts): Record<string, Record<string, string>> | null {
  const found: Record<string, Record<string, string>> = {};
  for (const { tag, key, text } of texts) (found[tag] ??= {})[key] = text.trim();
  return texts.length > 0 ? found : null;
}

function answerOf(value: boolean | null): Answer {
  return value === null ? "" : value ? "yes" : "no";
}

function timeOf(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, "0")).join(":");
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}
