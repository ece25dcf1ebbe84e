// @vitest-environment jsdom
import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { eventually } from "../../../../tests/eventually";
import { aWorld, openLivePanel, press } from "../../../../tests/panel";

it("a command keeps its key while it isn't known whether the PC was told, and the next one has another", async () => {
  let answer: { status: number } | "hang up" = "hang up";
  const posts = await openLivePanel(aWorld(), null, () => answer);
  await press("Lock");
  const question = await screen.findByRole("alertdialog");
  const send = () => userEvent.click(within(question).getByRole("button", { name: "Lock" }));
  for (const [next, sent] of [[{ status: 502 }, 1] as const, [{ status: 409 }, 2] as const, ["hang up", 3] as const]) {
    await send();
    await eventually(() => expect(posts()).toHaveLength(sent));
    await within(question).findByRole("alert");
    answer = next;
  }
  await send();
  await eventually(() => expect(posts()).toHaveLength(4));
  const keys = posts().map(({ headers }) => headers["idempotency-key"]);
  expect([new Set(keys.slice(0, 3)).size, keys[3] === keys[0]]).toEqual([1, false]);
});
