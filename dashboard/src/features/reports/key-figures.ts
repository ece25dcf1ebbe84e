import type { Figures } from "./queries";

export interface KeyFigure {
  name: "utilisation" | "sessions" | "played" | "average" | "lost";
  unit: "percent" | "count" | "hours" | "minutes";
  now: number | null;
  before: number | null;
  /** In `changeUnit`; null where there is nothing to compare. */
  change: number | null;
  changeUnit: "points" | "percent" | "hours" | "minutes";
  goodWhen: "more" | "less" | "none";
}

/** The key figures of these days, and how each differs from what it was before. */
export function changesOf(now: Figures, before: Figures): KeyFigure[] {
  const share = ({ total }: Figures) => (total.ratio === null ? null : total.ratio * 100);
  const sessions = ({ total }: Figures) => total.sessions;
  const played = ({ total }: Figures) => total.played_seconds / 3600;
  const average = ({ ended }: Figures) => (ended.sessions === 0 ? null : ended.played_seconds / ended.sessions / 60);
  const lost = ({ lost_seconds }: Figures) => lost_seconds / 3600;
  const figure = (
    name: KeyFigure["name"],
    unit: KeyFigure["unit"],
    changeUnit: KeyFigure["changeUnit"],
    goodWhen: KeyFigure["goodWhen"],
    of: (figures: Figures) => number | null,
  ): KeyFigure => {
    const [its, earlier] = [of(now), of(before)];
    const relative = changeUnit === "percent";
    const change = its === null || earlier === null ? null : relative ? growth(its, earlier) : its - earlier;
    return { name, unit, now: its, before: earlier, change, changeUnit, goodWhen };
  };
  return [
    figure("utilisation", "percent", "points", "more", share),
    figure("sessions", "count", "percent", "more", sessions),
    figure("played", "hours", "percent", "more", played),
    figure("average", "minutes", "minutes", "none", average),
    figure("lost", "hours", "hours", "less", lost),
  ];
}

/** In per cent; null from nothing, of which nothing is a share. */
function growth(now: number, before: number): number | null {
  return before === 0 ? null : ((now - before) / before) * 100;
}
