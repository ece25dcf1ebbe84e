import { describe, expect, it } from "vitest";
import { venueTime } from "./venue-time";

const instant = Date.parse("2026-11-22T22:05:00Z");

describe("venueTime", () => {
  it("shows the venue's clock and not this computer's", () => {
    expect(venueTime("Europe/Madrid", "en-GB", "en").clock(instant)).toBe("23:05");
    expect(venueTime("America/New_York", "en-US", "en").clock(instant)).toBe("17:05");
  });

  it("shows midnight as 00, not as 24", () => {
    expect(venueTime("UTC", "en-US", "en").clock(Date.parse("2026-11-22T00:30:00Z"))).toBe("00:30");
  });

  it("shows the venue's day, which may be another one than here", () => {
    expect(venueTime("Asia/Tokyo", "en-GB", "en").day(instant)).toBe("Mon 23 Nov");
  });

  it("goes on with this browser's zone when the venue's is unknown to it", () => {
    expect(venueTime("Mars/Olympus", "en-GB", "en").clock(instant)).toMatch(/^\d\d:\d\d$/);
  });

  it("has the dashboard's words and the venue's digits", () => {
    expect(venueTime("UTC", "tr-TR", "en").day(instant)).toBe("Sun 22 Nov");
    expect(venueTime("UTC", "en-GB", "tr").day(instant)).toBe("22 Kas Paz");
    expect(venueTime("UTC", "ar-EG", "ar").clock(instant)).toBe("٢٢:٠٥");
    expect(venueTime("UTC", "es-ES", "ar").clock(instant)).toBe("22:05");
  });
});
