import { describe, expect, it } from "vitest";
import { createClock } from "./clock";

const T = Date.parse("2026-11-22T20:00:00Z");
const at = (ms: number): string => new Date(T + ms).toISOString();

describe("the clock", () => {
  it("shows the server's time, whatever this computer's clock says", () => {
    const clock = createClock(() => 5_000);
    clock.correct(at(0), true);
    expect(clock.now()).toBe(T);
    expect(clock.second()).toBe(T);
  });

  it("goes on by the monotonic counter", () => {
    let counter = 1_000;
    const clock = createClock(() => counter);
    clock.correct(at(0), true);
    counter += 2_500;
    expect(clock.now()).toBe(T + 2_500);
  });

  it("keeps the sample that travelled fastest and isn't moved back by a slow one", () => {
    let counter = 0;
    const clock = createClock(() => counter);
    clock.correct(at(0), true);
    counter = 10_400;
    clock.correct(at(10_000), false);
    expect(clock.now()).toBe(T + 10_400);
    clock.correct(at(10_450), false);
    expect(clock.now()).toBe(T + 10_450);
  });

  it("is moved back when it is far off, as after a sleep that the counter counted twice", () => {
    let counter = 0;
    const clock = createClock(() => counter);
    clock.correct(at(0), true);
    counter = 60_000;
    clock.correct(at(10_000), false);
    expect(clock.now()).toBe(T + 10_000);
  });

  it("takes a snapshot's time even when it is a little behind", () => {
    let counter = 0;
    const clock = createClock(() => counter);
    clock.correct(at(0), true);
    counter = 1_000;
    clock.correct(at(600), true);
    expect(clock.now()).toBe(T + 600);
  });

  it("ignores a time that it can't read", () => {
    const clock = createClock(() => 0);
    clock.correct(at(0), true);
    clock.correct("soon", true);
    expect(clock.now()).toBe(T);
  });

  it("tells those who watch when the second changes, and only then", () => {
    let counter = 0;
    const clock = createClock(() => counter);
    clock.correct(at(0), true);
    let told = 0;
    clock.subscribe(() => (told += 1));
    counter = 300;
    clock.correct(at(400), false);
    expect(told).toBe(0);
    clock.correct(at(1_000), false);
    expect(told).toBe(1);
    expect(clock.second()).toBe(T + 1_000);
  });
});
