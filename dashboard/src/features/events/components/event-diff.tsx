"use client";

import { Section } from "@/components/ui/facts";
import { useWords } from "@/lib/i18n";
import { useVenueTime } from "@/features/venues";
import { diffOf, type Change } from "../diff";
import type en from "@/messages/en";
import { codeWords, useStationName } from "../words";

type Field = keyof (typeof en)["activity"]["fields"];

/** What an event changed, field by field: before, and after. */
export function EventDiff({ data }: { data: Readonly<Record<string, unknown>> }) {
  const words = useWords("activity");
  const diff = diffOf(data);
  if (diff === null || diff.changed.length + diff.unchanged.length === 0) return null;
  return (
    <Section title={words("detail.changed")}>
      <table className="w-full table-fixed text-start">
        <caption className="sr-only">{words("detail.changed")}</caption>
        <thead className="text-[12px]/4 text-ink-3">
          <tr>
            <th scope="col" className="w-[34%] pb-1.5 text-start font-normal">
              <span className="sr-only">{words("detail.field")}</span>
            </th>
            <th scope="col" className="pb-1.5 text-start font-normal">
              {words("detail.before")}
            </th>
            <th scope="col" className="pb-1.5 text-start font-normal">
              {words("detail.after")}
            </th>
          </tr>
        </thead>
        <tbody>
          {diff.changed.map((change) => (
            <tr key={change.field} className="border-t border-line align-top">
              <th scope="row" className="py-2 pe-2 text-start font-normal wrap-anywhere text-ink-2">
                <FieldName field={change.field} />
              </th>
              <td className="py-1.5 pe-2">
                <Value change={change} value={change.before} look="bg-last-soft text-last line-through" />
              </td>
              <td className="py-1.5">
                <Value change={change} value={change.after} look="bg-ok-soft font-semibold text-ink" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {diff.unchanged.length > 0 && (
        <details className="mt-1 border-t border-line pt-2">
          <summary className="cursor-pointer py-1 text-ink-2">
            {words("detail.unchanged", { count: diff.unchanged.length })}
          </summary>
          <dl className="mt-1 grid grid-cols-[34%_1fr] gap-y-1.5">
            {diff.unchanged.map((change) => (
              <div key={change.field} className="contents">
                <dt className="pe-2 wrap-anywhere text-ink-3">
                  <FieldName field={change.field} />
                </dt>
                <dd className="min-w-0">
                  <Value change={change} value={change.after} look="px-0 text-ink-2" />
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </Section>
  );
}

function FieldName({ field }: { field: string }) {
  const words = useWords("activity");
  const key = `fields.${field}` as `fields.${Field}`;
  return words.has(key) ? words(key) : <code className="font-mono text-[12px]">{field}</code>;
}

function Value({ change, value, look }: { change: Change; value: unknown; look: string }) {
  const said = useValue();
  if (value === undefined) return null;
  return (
    <bdi className={`inline-block max-w-full rounded-[6px] px-2 py-0.5 wrap-anywhere tabular-nums ${look}`}>
      {said(change.field, value)}
    </bdi>
  );
}

/** What the server says in its own words; a name or a note that reads like one of them stays as it was typed. */
const CODED = new Set(["status", "end_reason", "service"]);
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

function useValue(): (field: string, value: unknown) => string {
  const words = useWords("activity");
  const time = useVenueTime();
  const stationName = useStationName();
  return (field, value) => {
    if (value === null || value === "") return words("detail.nothing");
    if (typeof value === "boolean") return words(value ? "detail.yes" : "detail.no");
    if (typeof value === "string" && INSTANT.test(value)) {
      const at = Date.parse(value);
      return `${time.day(at)} ${time.seconds(at)}`;
    }
    if (field === "station_id" && typeof value === "string") return stationName(value) ?? value;
    if (typeof value !== "string") return JSON.stringify(value);
    return CODED.has(field) ? codeWords(value, words) : value;
  };
}
