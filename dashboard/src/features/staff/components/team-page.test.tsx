// @vitest-environment jsdom
import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { SearchParamsContext } from "next/dist/shared/lib/hooks-client-context.shared-runtime";
import { beforeEach, expect, it } from "vitest";
import { startBackend, type Answer, type Received } from "../../../../tests/backend";
import { eventually } from "../../../../tests/eventually";
import { after } from "../../../../tests/floor";
import { aWorld, press } from "../../../../tests/panel";
import { renderPage } from "../../../../tests/render";
import { TeamPage } from "./team-page";

const member = (id: string, username: string, role: string, retired_at: string | null = null) => ({
  ...{ id, username, role, retired_at, created_at: after(0) },
});

let role: string;
let act: (request: Received) => Answer;
let received: Received[];

beforeEach(async () => {
  aWorld();
  role = "owner";
  act = () => ({ status: 500 });
  received = await startBackend((request) => {
    if (request.path === "/api/v1/auth/me") return { status: 200, body: { id: "1", username: "mara", role } };
    if (request.method !== "GET") return act(request);
    const items = [
      member("0", "adam", "viewer", after(-60)),
      member("1", "mara", "owner"),
      member("2", "zoë", "manager"),
    ];
    return { status: 200, body: { items, next_cursor: null } };
  });
});

function open(query = ""): void {
  renderPage(
    <SearchParamsContext.Provider value={new URLSearchParams(query)}>
      <TeamPage date={() => "22 Nov"} />
    </SearchParamsContext.Provider>,
  );
}

const sent = (method: string) => received.filter((request) => request.method === method);

it("lists who can sign in before who can't any more, and says which one is oneself", async () => {
  open();
  await screen.findByText("zoë");
  const rows = screen.getAllByRole("row");
  const names = rows.slice(1).map((row) => within(row).getAllByRole("cell")[0]?.textContent);
  expect(names).toEqual(["mara (you)", "zoë", "adam"]);
  expect(screen.getByText("2 people")).toBeTruthy();
});

it("is an owner's: nobody else's browser even asks for the list", async () => {
  role = "manager";
  open();
  await screen.findByText(/Only an owner looks after the team/);
  expect(received.some(({ path }) => path.startsWith("/api/v1/staff"))).toBe(false);
});

it("keeps what was typed when a name is taken, and adds under a new key once it is another", async () => {
  act = ({ body }) =>
    (body as { username: string }).username === "zoë"
      ? { status: 409, body: { code: "staff.name_taken", detail: "There is somebody called zoë already." } }
      : { status: 201, body: member("3", "leyla", "attendant") };
  open();
  await press("Add somebody");
  const name = await screen.findByLabelText("Name");
  await userEvent.type(name, "zoë");
  await press("Add to the team");
  await screen.findByRole("alert");
  expect((name as HTMLInputElement).value).toBe("zoë");
  await userEvent.clear(name);
  await userEvent.type(name, " leyla ");
  await press("Add to the team");
  await eventually(() => expect(screen.queryByRole("dialog")).toBeNull());
  const posts = sent("POST");
  expect(posts.map(({ body }) => (body as { username: string }).username)).toEqual(["zoë", "leyla"]);
  expect(new Set(posts.map(({ headers }) => headers["idempotency-key"])).size).toBe(2);
  expect((posts[1]?.body as { role: string }).role).toBe("attendant");
});

it("asks before somebody's access is taken away, and names whom", async () => {
  act = () => ({ status: 200, body: member("2", "zoë", "manager", after(0)) });
  open("person=2");
  await press("Take away access");
  const dialog = await screen.findByRole("alertdialog");
  expect(dialog.textContent).toContain("Take away zoë’s access?");
  expect(sent("PATCH")).toEqual([]);
  await userEvent.click(within(dialog).getByRole("button", { name: "Take away access" }));
  await eventually(() => expect(sent("PATCH")).toHaveLength(1));
  expect(sent("PATCH")[0]?.path).toBe("/api/v1/staff/2");
});
