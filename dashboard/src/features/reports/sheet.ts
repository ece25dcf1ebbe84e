/** A cell of a table: what it shows, and the number behind it where it shows one. */
export type SheetCell = string | { shown: string; value: number | null };

/** What a card says, as a table; the same goes into the file that is exported. */
export interface Sheet {
  title: string;
  head: readonly string[];
  rows: readonly (readonly SheetCell[])[];
}

/** The tables one below the other as CSV: an empty line between, numbers with a point, whatever the language. */
export function csvOf(sheets: readonly Sheet[]): string {
  const lines = sheets.flatMap((sheet, number) => [
    ...(number > 0 ? [""] : []),
    line([sheet.title]),
    line(sheet.head),
    ...sheet.rows.map(line),
  ]);
  return `\uFEFF${lines.join("\r\n")}\r\n`;
}

function line(cells: readonly SheetCell[]): string {
  return cells.map((cell) => (typeof cell === "string" ? quoted(harmless(cell)) : numeric(cell.value))).join(",");
}

function numeric(value: number | null): string {
  return value === null ? "" : String(Math.round(value * 10_000) / 10_000);
}

/** A name that looks like a formula must not run in a spreadsheet. */
function harmless(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
