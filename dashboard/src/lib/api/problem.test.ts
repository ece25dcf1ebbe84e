import { describe, expect, it } from "vitest";
import { readProblem } from "./problem";

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
