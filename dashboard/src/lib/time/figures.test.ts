import { describe, expect, it } from "vitest";
import { english as englishWords, spokenIn } from "../../../tests/words";
import { figure, secondsUntil, signedTime } from "./figures";
import { timeWords } from "./words";

const english = timeWords(englishWords("time"));
const speak = async (language: "tr" | "ar", system = "latn") =>
  timeWords(await spokenIn(language, "time", system), system);

describe("figure", () => {
  it.each([
    [0, "00:00", null],
    [42, "00:42", null],
    [599, "09:59", null],
    [3599, "59:59", null],
    [3600, "1:00", "h"],
    [5075, "1:24", "h"],
    [36_000, "10:00", "h"],
  ])("shows %i s as %s", (seconds, digits, unit) => {
    expect(figure(seconds)).toEqual({ digits, unit });
  });

  it("names the unit within a sentence", () => {
    expect(english.figure(402)).toBe("06:42");
    expect(english.figure(5075)).toBe("1:24 h");
  });
});

describe("secondsUntil", () => {
  it("counts a part of a second as a whole one, so that 00:00 comes with the end", () => {
    expect(secondsUntil(10_000, 9_001)).toBe(1);
    expect(secondsUntil(10_000, 10_000)).toBe(0);
  });

  it("never goes below zero", () => {
    expect(secondsUntil(10_000, 60_000)).toBe(0);
  });
});

describe("words for time", () => {
  it.each([
    [59, "less than a minute"],
    [60, "1 minute"],
    [402, "6 minutes"],
    [3600, "1 hour"],
    [7320, "2 hours 2 minutes"],
  ])("speaks %i s as %s", (seconds, words) => {
    expect(english.spoken(seconds)).toBe(words);
  });

  it.each([
    [30, "30 min"],
    [60, "1 h"],
    [90, "1 h 30"],
    [65, "1 h 05"],
    [120, "2 h"],
  ])("writes a length of %i min as %s", (minutes, words) => {
    expect(english.length(minutes)).toBe(words);
  });

  it.each([
    [59, "59 s"],
    [61, "1 min"],
    [7300, "2 h"],
    [200_000, "2 d"],
  ])("writes %i s ago as %s", (seconds, words) => {
    expect(english.ago(seconds)).toBe(words);
  });
});

it.each([
  [3600, "+60:00"],
  [7205, "+120:05"],
  [-300, "−05:00"],
])("writes %i s given or taken as %s", (seconds, text) => {
  expect(signedTime(seconds)).toBe(text);
});

describe("in other languages", () => {
  it("has their words and plurals", async () => {
    const [turkish, arabic] = [await speak("tr"), await speak("ar")];
    expect(turkish.length(90)).toBe("1 sa 30");
    expect(arabic.spoken(120)).toBe("دقيقتان");
    expect(arabic.spoken(3780)).toBe("ساعة واحدة و3 دقائق");
  });

  it("writes digits as the venue does", async () => {
    const arabic = await speak("ar", "arab");
    expect(arabic.figure(402)).toBe("٠٦:٤٢");
    expect(arabic.length(65)).toBe("١ س ٠٥");
  });
});
