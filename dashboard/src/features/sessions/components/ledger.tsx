"use client";

import type { ReactNode } from "react";
import type { Session } from "@/lib/api";
import type { TileView } from "@/features/stations";
import { useVenueTime } from "@/features/venues";
import { signedTime } from "@/lib/time";
import { ledgerOf, type Line } from "../ledger";
import { useGrants } from "../queries";

/** A session's time in order: what was given, and where nobody played; who did it, how much; and what is left. */
export function Ledger({ session, view }: { session: Session; view: Pick<TileView, "digits" | "unit"> }) {
  const grants = useGrants(session);
  if (grants === undefined) return null;
  const total = grants.reduce((sum, grant) => sum + grant.seconds, 0);
  const left = leftOf(session, view);
  return (
    <section aria-labelledby="ledger">
      <h3 id="ledger" className="border-b border-line pb-2 text-[12px]/4 font-semibold text-ink-2">
        Time ledger
      </h3>
      <table className="w-full table-fixed text-start tabular-nums">
        <caption className="sr-only">Time given to this session, and time that wasn’t used</caption>
        <colgroup>
          <col className="w-[52px]" />
          <col />
          <col className="w-[28%]" />
          <col className="w-[76px]" />
        </colgroup>
        <tbody>
          {ledgerOf(grants, session.gaps).map((line) => (
            <Row key={line.id} line={line} />
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

/** What is left of what was given; the grace after it isn't time that anybody was given. */
function leftOf(session: Session, view: Pick<TileView, "digits" | "unit">): string {
  if (session.status === "ended") return signedTime(0).slice(1);
  if (view.digits === null) return "";
  return view.unit === null ? view.digits : `${view.digits} ${view.unit}`;
}

function Row({ line }: { line: Line }) {
  const time = useVenueTime();
  return (
    <tr className="border-b border-line align-baseline last:border-0">
      <td className="py-2 text-ink-3">{time.clock(line.at)}</td>
      <th scope="row" className="py-2 pe-2 text-start font-normal">
        {line.what}
        {line.why !== null && <Small>{line.why}</Small>}
      </th>
      <td className="truncate py-2 pe-2 text-ink-3">{line.who}</td>
      {line.given ? (
        <td className="py-2 text-end">{signedTime(line.seconds)}</td>
      ) : (
        <td className="py-2 text-end text-ink-3">
          {line.seconds === null ? "lasts" : signedTime(line.seconds).slice(1)}
          <Small>not used</Small>
        </td>
      )}
    </tr>
  );
}

function Small({ children }: { children: ReactNode }) {
  return <span className="block text-[12px]/4 text-ink-3">{children}</span>;
}
