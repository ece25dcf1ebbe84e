import { describe, expect, it } from "vitest";
import { inWords, Problem, readProblem, Unreachable } from "./problem";

describe("readProblem", () => {
  it("takes the server's sentence, code and fields", () => {
    const problem = readProblem(
      422,
      {
        code: "validation",
        detail: "Two fields are wrong.",
        errors: [{ field: "duration_minutes", message: "At most 1440." }],
      },
      null,
    );
    expect(problem).toMatchObject({
      status: 422,
      code: "validation",
      detail: "Two fields are wrong.",
      fields: { duration_minutes: "At most 1440." },
    });
  });

  it.each([["<html>Bad gateway</html>"], [undefined], [null], [{ errors: "all" }], [[1, 2]]])(
    "still makes a problem of the body %j",
    (body) => {
      expect(readProblem(502, body, null)).toMatchObject({ status: 502, code: null, detail: null, fields: {} });
    },
  );
});

describe("inWords", () => {
  it("says what the server said", () => {
    const detail = "Station PC-03 is already in session with Deniz. End it or choose another station.";
    expect(inWords(readProblem(409, { code: "session.station_busy", detail }, null))).toBe(detail);
  });

  it("says when to try again", () => {
    expect(inWords(readProblem(429, { detail: "rate limited" }, "30"))).toBe("Too many tries. Try again in 30 s.");
    expect(inWords(readProblem(429, {}, "600"))).toBe("Too many tries. Try again in 10 min.");
    expect(inWords(readProblem(503, {}, null))).toBe("The server is busy. Wait a moment, then try again.");
  });

  it("names the field where there is no sentence", () => {
    const problem = readProblem(422, { errors: [{ field: "user_name", message: "At most 80 characters." }] }, null);
    expect(inWords(problem)).toBe("user_name: At most 80 characters.");
  });

  it("says what to do when nothing came back", () => {
    expect(inWords(new Unreachable())).toBe("The server can't be reached. Check the network, then try again.");
  });

  it.each([403, 404, 500, 502])("never answers with the bare number %i", (status) => {
    const words = inWords(new Problem(status, null, null, {}, null));
    expect(words).toMatch(/^[A-Z].+\./);
    expect(words).not.toBe(String(status));
  });

  it("admits a fault of its own", () => {
    expect(inWords(new TypeError("x is undefined"))).toBe("This page stumbled. Reload it, then try again.");
  });
});
