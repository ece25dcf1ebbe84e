// @vitest-environment jsdom
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { renderPage } from "../../../tests/render";
import { asDialog, later } from "./later";

const Part = ({ name }: { name: string; onClose?: () => void }) => <p>Here is {name}</p>;

it("shows what waits until it is there, and from then on at once", async () => {
  const Later = later(() => Promise.resolve(Part), asDialog);
  const first = renderPage(<Later name="one" />);
  expect(document.querySelector("[data-modal]")).not.toBeNull();
  await screen.findByText("Here is one");
  expect(document.querySelector("[data-modal]")).toBeNull();
  first.unmount();
  renderPage(<Later name="two" />);
  expect(screen.getByText("Here is two")).toBeTruthy();
});

it("says that it didn't come, tries again when asked, and can be given up", async () => {
  const fetch = vi.fn().mockRejectedValueOnce(new Error("404")).mockResolvedValue(Part);
  const Later = later<Parameters<typeof Part>[0]>(fetch);
  const onClose = vi.fn();
  renderPage(<Later name="it" onClose={onClose} />);
  expect((await screen.findByRole("alert")).textContent).toContain("This part couldn't be loaded");
  await userEvent.click(screen.getByRole("button", { name: "Close" }));
  expect(onClose).toHaveBeenCalledOnce();
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  await screen.findByText("Here is it");
});
