// @vitest-environment jsdom
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { credentials } from "@/lib/api";
import { eventually } from "../../../../tests/eventually";
import { startBackend } from "../../../../tests/backend";
import { renderPage } from "../../../../tests/render";
import { SignInForm } from "./sign-in-form";

async function signIn(username: string, password: string): Promise<void> {
  await userEvent.type(screen.getByLabelText("Username"), username);
  await userEvent.type(screen.getByLabelText("Password"), password);
  await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
}

it("signs in with name and password", async () => {
  const received = await startBackend(() => ({ status: 200, body: { access_token: "t", expires_in: 1800 } }));
  renderPage(<SignInForm expired={false} />);
  await signIn("ana ", "correct horse");
  await eventually(() => expect(credentials.get()).toMatchObject({ phase: "in", token: "t" }));
  expect(received).toMatchObject([
    { method: "POST", path: "/api/v1/auth/login", body: { username: "ana", password: "correct horse" } },
  ]);
});

it("says what to do when the server refuses, and keeps what was typed", async () => {
  await startBackend(() => ({ status: 401, body: { code: "auth.wrong", detail: "no" } }));
  renderPage(<SignInForm expired={false} />);
  await signIn("ana", "wrong");
  expect((await screen.findByRole("alert")).textContent).toBe(
    "That name and password don't match. Check both, or ask an owner for a new password.",
  );
  expect(screen.getByLabelText<HTMLInputElement>("Username").value).toBe("ana");
});

it("says how long to wait after too many tries", async () => {
  await startBackend(() => ({ status: 429, body: { detail: "x" }, headers: { "Retry-After": "40" } }));
  renderPage(<SignInForm expired={false} />);
  await signIn("ana", "wrong");
  expect((await screen.findByRole("alert")).textContent).toBe("Too many tries. Try again in 40 s.");
});

it("tells somebody whose sign-in ran out that the floor goes on", () => {
  renderPage(<SignInForm expired />);
  expect(screen.getByRole("status").textContent).toContain("You were signed out.");
});
