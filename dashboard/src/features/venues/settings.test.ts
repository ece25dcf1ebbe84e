import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Venue } from "@/lib/api";
import { playerLanguages, playerTexts } from "./player-texts";
import { differing, draftOf, patchOf, settingOf, wrongIn } from "./settings";

const venue: Venue = {
  id: "v",
  name: "Arena",
  time_zone: "Europe/Istanbul",
  day_start_minutes: 390,
  locale: "tr",
  min_minutes: 15,
  max_minutes: 720,
  step_minutes: 15,
  warning_seconds: 300,
  grace_seconds: null,
  auto_lock: null,
  auto_logout: false,
  lock_mode: "kiosk",
  house_message: null,
  languages: ["en"],
  texts: { tr: { "lock.ask": "Bara gel." } },
  max_pause_minutes: 30,
  unconfirmed_seconds: 30,
  never_opened_seconds: 600,
  version: 4,
  shown_languages: [],
};

describe("a draft of the settings", () => {
  it("is the venue as it can be typed, and back", () => {
    const draft = draftOf(venue);
    expect(draft).toMatchObject({ day_start: "06:30", grace_seconds: "", auto_lock: "", auto_logout: "no" });
    expect(wrongIn(draft)).toEqual([]);
    expect(patchOf(draft, ["day_start", "grace_seconds", "auto_logout", "texts", "languages", "lock_mode"])).toEqual({
      day_start_minutes: 390,
      grace_seconds: null,
      auto_logout: false,
      texts: { tr: { "lock.ask": "Bara gel." } },
      languages: ["en"],
      lock_mode: "kiosk",
    });
  });

  it("sends only what was changed", () => {
    const draft = { ...draftOf(venue), name: " Arena Norte ", languages: [], texts: [] };
    const changed = differing(draft, draftOf(venue));
    expect(changed).toEqual(["name", "languages", "texts"]);
    expect(patchOf(draft, changed)).toEqual({ name: "Arena Norte", languages: null, texts: null });
  });

  it("says which figures can't be", () => {
    const draft = { ...draftOf(venue), min_minutes: "", warning_seconds: "soon", grace_seconds: "", name: " " };
    expect(wrongIn(draft).map(({ setting }) => setting)).toEqual(["name", "min_minutes", "warning_seconds"]);
  });

  it("finds the setting that a refusal is about", () => {
    expect(settingOf("texts.tr.lock.ask")).toBe("texts");
    expect(settingOf("day_start_minutes")).toBe("day_start");
    expect(settingOf("expected_version")).toBeNull();
  });
});

it("knows the languages and texts that the server knows", () => {
  const root = new URL("../../../../", import.meta.url);
  const files = readdirSync(new URL("backend/app/domain/venues/languages/", root));
  expect([...playerLanguages].sort()).toEqual(files.map((file) => file.replace(".json", "")).sort());
  const english = JSON.parse(readFileSync(new URL("protocol/texts.json", root), "utf8")) as Record<string, string>;
  expect(playerTexts).toEqual(english);
});
