import { link } from "@/lib/live";
import { createStore } from "@/lib/store";

const OURS = process.env.BUILD_ID ?? null;
/** An open desk asks this often besides whenever the line comes back, with which a new build usually comes. */
const EVERY_MS = 5 * 60_000;

/** The build that the server has, if it is another one than this page's. */
export const newerBuild = createStore<string | null>(null);

/** Asks the server for its build. Without an answer, what was known stays. */
export async function lookForNewer(ours: string | null = OURS): Promise<void> {
  const theirs = await servedBuild();
  if (theirs !== null && ours !== null) newerBuild.set(theirs === ours ? null : theirs);
}

/** Asks until the returned function is called. */
export function watchForNewer(): () => void {
  const onLink = () => link.get().live && void lookForNewer();
  const stop = link.subscribe(onLink);
  const timer = setInterval(() => void lookForNewer(), EVERY_MS);
  return () => {
    stop();
    clearInterval(timer);
  };
}

async function servedBuild(): Promise<string | null> {
  try {
    const answer = await fetch("/version.json", { cache: "no-store" });
    if (!answer.ok) return null;
    const { build } = (await answer.json()) as { build?: unknown };
    return typeof build === "string" ? build : null;
  } catch {
    return null;
  }
}
