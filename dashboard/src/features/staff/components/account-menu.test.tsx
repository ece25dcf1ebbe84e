// @vitest-environment jsdom
import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { startBackend } from "../../../../tests/backend";
import { renderPage } from "../../../../tests/render";
import { AccountMenu } from "./account-menu";

it("opens within the landmark that it stands in", async () => {
  await startBackend(() => ({ status: 200, body: { username: "ana", role: "attendant" } }));
  renderPage(
    <aside>
      <AccountMenu wide />
    </aside>,
  );
  await userEvent.click(await screen.findByRole("button", { name: "Account of ana" }));
  const menu = await within(screen.getByRole("complementary")).findByRole("menu");
  expect(within(menu).getByRole("menuitem", { name: "Sign out" })).toBeTruthy();
});
