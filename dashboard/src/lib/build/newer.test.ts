import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { link } from "@/lib/live";
import { eventually } from "../../../tests/eventually";
import { lookForNewer, newerBuild, watchForNewer } from "./newer";

let answer: () => Response;
let asked: number;

beforeEach(() => {
  newerBuild.set(null);
  asked = 0;
  answer = () => Response.json({ build: "one" });
  vi.stubGlobal("fetch", () => {
    asked += 1;
    return Promise.resolve().then(answer);
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

describe("the server's build", () => {
  it("is no news when it is this page's", async () => {
    await lookForNewer("one");
    expect(newerBuild.get()).toBeNull();
  });

  it("is news when it is another, until this page's is back", async () => {
    await lookForNewer("none");
    expect(newerBuild.get()).toBe("one");
    await lookForNewer("one");
    expect(newerBuild.get()).toBeNull();
  });

  it("is unknown while the server doesn't say: nothing is told and nothing forgotten", async () => {
    const refusals = [
      () => new Response("Not here", { status: 404 }),
      () => new Response("<html>"),
      () => Response.json({}),
      () => {
        throw new TypeError("Failed to fetch");
      },
    ];
    for (const refusal of refusals) {
      answer = refusal;
      await lookForNewer("none");
      expect(newerBuild.get()).toBeNull();
    }
    newerBuild.set("two");
    await lookForNewer("none");
    expect(newerBuild.get()).toBe("two");
  });

  it("is asked for when the line comes back, and not when it goes", async () => {
    const stop = watchForNewer();
    link.set({ live: true, since: 1 });
    await eventually(() => asked === 1);
    link.set({ live: false, since: 2 });
    expect(asked).toBe(1);
    stop();
    link.set({ live: true, since: 3 });
    expect(asked).toBe(1);
  });
});
