import { beforeEach, describe, expect, it } from "vitest";
import { startBackend } from "../../../tests/backend";
import { tokensOf } from "../../../tests/tokens";
import { answerOf, api, credentials, Problem, Unreachable } from ".";

const venue = { id: "v", name: "Demo Arena" };

beforeEach(() => credentials.accept({ access_token: "old", token_type: "bearer", expires_in: 1800 }));

describe("a signed request", () => {
  it("carries the access token", async () => {
    const received = await startBackend(() => ({ status: 200, body: venue }));
    await expect(answerOf(api.GET("/api/v1/venue"))).resolves.toEqual(venue);
    expect(received[0]?.headers.authorization).toBe("Bearer old");
  });

  it("renews a token that ran out and is sent again with its body, once", async () => {
    const received = await startBackend(({ path, headers }) => {
      if (path.endsWith("/auth/refresh")) return { status: 200, body: { access_token: "new", expires_in: 1800 } };
      return headers.authorization === "Bearer new" ? { status: 201, body: { id: "s" } } : { status: 401, body: {} };
    });
    const body = { station_id: "station-1", duration_minutes: 60, allow_offline: false };
    await expect(answerOf(api.POST("/api/v1/sessions", { body }))).resolves.toEqual({ id: "s" });
    expect(received.map(({ path }) => path)).toEqual(["/api/v1/sessions", "/api/v1/auth/refresh", "/api/v1/sessions"]);
    expect(received[2]?.body).toEqual(body);
    expect(credentials.token()).toBe("new");
  });

  it("isn't sent again in the name of another person, whose sign-in this browser has by now", async () => {
    credentials.accept(tokensOf("ana"));
    const received = await startBackend(({ path }) =>
      path.endsWith("/auth/refresh") ? { status: 200, body: tokensOf("ben") } : { status: 401, body: {} },
    );
    const body = { station_id: "station-1", duration_minutes: 60, allow_offline: false };
    await expect(answerOf(api.POST("/api/v1/sessions", { body }))).rejects.toMatchObject({ status: 401 });
    expect(received.map(({ path }) => path)).toEqual(["/api/v1/sessions", "/api/v1/auth/refresh"]);
    expect(credentials.person()).toBe("ben");
  });

  it("renews once for requests that fail together", async () => {
    const received = await startBackend(({ path, headers }) => {
      if (path.endsWith("/auth/refresh")) return { status: 200, body: { access_token: "new", expires_in: 1800 } };
      return headers.authorization === "Bearer new" ? { status: 200, body: venue } : { status: 401, body: {} };
    });
    await Promise.all([answerOf(api.GET("/api/v1/venue")), answerOf(api.GET("/api/v1/auth/me"))]);
    expect(received.filter(({ path }) => path.endsWith("/refresh"))).toHaveLength(1);
  });

  it("signs out when the renewal is refused, and says that it ran out by itself", async () => {
    await startBackend(() => ({ status: 401, body: { detail: "Sign in." } }));
    await expect(answerOf(api.GET("/api/v1/venue"))).rejects.toBeInstanceOf(Problem);
    expect(credentials.get()).toEqual({ phase: "out", expired: true });
  });

  it("stays signed in when the renewal gets no answer", async () => {
    await startBackend(({ path }) => (path.endsWith("/refresh") ? "hang up" : { status: 401, body: {} }));
    await expect(answerOf(api.GET("/api/v1/venue"))).rejects.toMatchObject({ status: 401 });
    expect(credentials.token()).toBe("old");
  });

  it("rejects as unreachable when the line breaks", async () => {
    await startBackend(() => "hang up");
    await expect(answerOf(api.GET("/api/v1/venue"))).rejects.toBeInstanceOf(Unreachable);
  });

  it("says how long to wait", async () => {
    await startBackend(() => ({ status: 429, body: { detail: "slow" }, headers: { "Retry-After": "7" } }));
    await expect(answerOf(api.GET("/api/v1/venue"))).rejects.toMatchObject({ status: 429, retryAfterSeconds: 7 });
  });
});
