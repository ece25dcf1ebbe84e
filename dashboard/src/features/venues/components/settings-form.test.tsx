// @vitest-environment jsdom
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { AppRouterContext } from "next/dist/shared/lib/app-router-context.shared-runtime";
import { beforeEach, expect, it } from "vitest";
import { credentials, type Venue } from "@/lib/api";
import { startBackend, type Answer, type Received } from "../../../../tests/backend";
import { eventually } from "../../../../tests/eventually";
import { aWorld } from "../../../../tests/panel";
import { renderPage } from "../../../../tests/render";
import { tokensOf } from "../../../../tests/tokens";
import { useVenue } from "../queries";
import { SettingsForm } from "./settings-form";

let venue: Record<string, unknown>;
let act: (request: Received) => Answer;
let received: Received[];

let desk = 0;

beforeEach(async () => {
  aWorld();
  // What somebody has typed outlives the page, but not the person.
  credentials.accept(tokensOf(`person-${(desk += 1)}`));
  venue = {
    ...{ name: "Arena", time_zone: "UTC", locale: "en-GB", day_start_minutes: 360, version: 3, languages: null },
    ...{ min_minutes: 1, max_minutes: 1440, step_minutes: 1, max_pause_minutes: 30, house_message: null, texts: null },
    ...{ unconfirmed_seconds: 30, never_opened_seconds: 600, warning_seconds: null, grace_seconds: 60 },
    ...{ auto_lock: null, auto_logout: null, lock_mode: null },
  };
  act = () => ({ status: 500 });
  received = await startBackend((request) =>
    request.method === "PATCH" ? act(request) : { status: 200, body: venue },
  );
});

function Form() {
  const known = useVenue();
  return known && <SettingsForm venue={known as Venue} />;
}

async function open(): Promise<void> {
  renderPage(
    <AppRouterContext.Provider value={{} as never}>
      <Form />
    </AppRouterContext.Provider>,
  );
  await screen.findByDisplayValue("Arena");
}

/** By its text: to reckon the role of everything in a form with every time zone of the world takes seconds. */
const press = async (text: string) => userEvent.click(await screen.findByText(text));

const patches = () => received.filter(({ method }) => method === "PATCH").map(({ body }) => body);

async function type(known: string, text: string): Promise<HTMLInputElement> {
  const field = (await screen.findByDisplayValue(known)) as HTMLInputElement;
  await userEvent.clear(field);
  if (text !== "") await userEvent.type(field, text);
  return field;
}

it("sends what was changed and nothing else, over the version that was seen", async () => {
  act = ({ body }) => ({ status: 200, body: (venue = { ...venue, ...(body as object), version: 4 }) });
  await open();
  await type("Arena", "Arena Norte");
  await screen.findByText("1 setting changed, not saved");
  await press("Save changes");
  await eventually(() => expect(screen.queryByText(/not saved/)).toBeNull());
  expect(patches()).toEqual([{ name: "Arena Norte", expected_version: 3 }]);
});

it("says beside the field what can't be, and sends nothing", async () => {
  await open();
  await type("1440", "none");
  await press("Save changes");
  await screen.findByText("A whole number from 1 to 10,080.");
  await screen.findByText("1 setting needs another look");
  expect(patches()).toEqual([]);
});

it("puts the server's refusal of a field beside that field and keeps what was typed", async () => {
  act = () => ({
    status: 422,
    body: { code: "validation", detail: "No.", errors: [{ field: "name", message: "Another venue has this name." }] },
  });
  await open();
  const field = await type("Arena", "Taken");
  await press("Save changes");
  await screen.findByText("Another venue has this name.");
  expect(field.value).toBe("Taken");
});

it("tells of what somebody else saved meanwhile, and goes on with one's own over that", async () => {
  act = ({ body }) => {
    const { expected_version: seen, ...changes } = body as { expected_version: number };
    if (seen === 3) {
      venue = { ...venue, name: "Arena Sur", version: 4 };
      return { status: 409, body: { code: "venue.changed", detail: "Changed.", venue } };
    }
    return { status: 200, body: (venue = { ...venue, ...changes, version: 5 }) };
  };
  await open();
  await type("Arena", "Arena Norte");
  await press("Save changes");
  await screen.findByText(/Somebody else has just saved the settings, among them what you are changing/);
  await screen.findByDisplayValue("Arena Norte");
  await press("Go on with mine");
  await press("Save changes");
  await eventually(() => expect(patches().at(-1)).toEqual({ name: "Arena Norte", expected_version: 4 }));
});

it("takes back everything that isn't saved", async () => {
  await open();
  await type("Arena", "Elsewhere");
  await press("Discard");
  await screen.findByDisplayValue("Arena");
  expect(screen.queryByText(/not saved/)).toBeNull();
});
