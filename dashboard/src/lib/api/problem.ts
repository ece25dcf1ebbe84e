/** The server's refusal, as RFC 9457 says it. `detail` is written for the person at the desk. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string | null,
    readonly detail: string | null,
    readonly fields: Readonly<Record<string, string>>,
    readonly retryAfterSeconds: number | null,
    /** The answer's other members, such as `session` of a `session.changed`. */
    readonly more: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail ?? `The server answered ${status}.`);
    this.name = "Problem";
  }
}

/** Nothing came back: the network, the server, or a proxy between. */
export class Unreachable extends Error {
  constructor(options?: ErrorOptions) {
    super("The server can't be reached.", options);
    this.name = "Unreachable";
  }
}

/** Reads an error answer's body, whatever it is: a proxy's HTML page still becomes a Problem with its status. */
export function readProblem(status: number, body: unknown, retryAfter: string | null): Problem {
  const fields: Record<string, string> = {};
  const record = isRecord(body) ? body : {};
  for (const [name, message] of fieldErrors(record.errors)) fields[name] ??= message;
  return new Problem(status, text(record.code), text(record.detail), fields, seconds(retryAfter), record);
}

/** `errors` is a list of `{field, message}`. */
function* fieldErrors(errors: unknown): Iterable<[string, string]> {
  if (!Array.isArray(errors)) return;
  for (const item of errors.filter(isRecord)) {
    const [field, message] = [text(item.field), text(item.message)];
    if (field && message) yield [field, message];
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value : null;
}

function seconds(header: string | null): number | null {
  const value = Number(header);
  return header !== null && Number.isFinite(value) && value >= 0 ? Math.ceil(value) : null;
}
