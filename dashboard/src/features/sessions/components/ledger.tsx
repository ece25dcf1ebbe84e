"use client";

import type { Grant, Session } from "@/lib/api";
import type { TileView } from "@/features/stations";
import { useVenueTime } from "@/features/venues";
import { signedTime } from "@/lib/time";
import { useGrants } from "../queries";

const kinds: Record<string, string> = {
  initial: "Started",
  extension: "Extended",
  correction: "Corrected",
  compensation: "Compensated",
};

/** Every grant of time of a session: when, what, by whom, how much; and what is left of it all. */
export function Ledger({ session, view }: { session: Session; view: TileView }) {
  const grants = useGrants(session);
  if (grants === undefined) return null;
  const total = grants.reduce((sum, grant) => sum + grant.seconds, 0);
  const left = view.digits === null ? "" : `${view.digits}${view.unit === null ? "" : ` ${view.unit}`}`;
  return (
    <section aria-labelledby="ledger">
      <h3 id="ledger" className="border-b border-line pb-2 text-[12px]/4 font-semibold text-ink-2">
        Time ledger
      </h3>
      <table className="w-full table-fixed text-start tabular-nums">
        <caption className="sr-only">Time given to this session</caption>
        <colgroup>
          <col className="w-[52px]" />
          <col />
          <col className="w-[28%]" />
          <col className="w-[76px]" />
        </colgroup>
        <tbody>
          {grants.map((grant) => (
            <Row key={grant.id} grant={grant} />
          ))}
          <tr className="border-t border-line-strong font-semibold">
            <td />
            <th scope="row" colSpan={2} className="py-2 text-start">
              {left === "" ? "Granted" : `Left of ${signedTime(total).slice(1)}`}
            </th>
            <td className="py-2 text-end">{left === "" ? signedTime(total).slice(1) : left}</td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}

function Row({ grant }: { grant: Grant }) {
  const time = useVenueTime();
  return (
    <tr className="border-b border-line align-baseline last:border-0">
      <td className="py-2 text-ink-3">{time.clock(Date.parse(grant.granted_at))}</td>
      <th scope="row" className="py-2 pe-2 text-start font-normal">
        {kinds[grant.kind] ?? "Changed"}
        {grant.reason !== null && <span className="block text-[12px]/4 text-ink-3">{grant.reason}</span>}
      </th>
      <td className="truncate py-2 pe-2 text-ink-3">{grant.actor_name}</td>
      <td className="py-2 text-end">{signedTime(grant.seconds)}</td>
    </tr>
  );
}
