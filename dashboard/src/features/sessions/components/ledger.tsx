"use client";

import type { ReactNode } from "react";
import type { Grant, Session } from "@/lib/api";
import { Awaited } from "@/components/ui/awaited";
import type { TileView } from "@/features/stations";
import { useVenueTime } from "@/features/venues";
import { useWords } from "@/lib/i18n";
import { useTimeWords, type TimeWords } from "@/lib/time";
import { ledgerOf, type Line } from "../ledger";
import { useGrants } from "../queries";

interface LedgerProps {
  session: Session;
  view: Pick<TileView, "digits" | "unit">;
}

/** A session's time in order: what was given, and where nobody played; who did it, how much; and what is left. */
export function Ledger({ session, view }: LedgerProps) {
  const words = useWords("sessions");
  const asked = useGrants(session);
  return (
    <section aria-labelledby="ledger">
      <h3 id="ledger" className="border-b border-line pb-2 text-[12px]/4 font-semibold text-ink-2">
        {words("ledger.title")}
      </h3>
      {asked.data ? (
        <Lines session={session} view={view} grants={asked.data} />
      ) : (
        <Awaited asked={asked} failed={words("ledger.failed")} />
      )}
    </section>
  );
}

function Lines({ session, view, grants }: LedgerProps & { grants: readonly Grant[] }) {
  const [words, common] = [useWords("sessions"), useWords("common")];
  const lengths = useTimeWords();
  const total = grants.reduce((sum, grant) => sum + grant.seconds, 0);
  const left = leftOf(session, view, lengths);
  const all = lengths.signed(total).slice(1);
  return (
    <table className="w-full table-fixed text-start tabular-nums">
      <caption className="sr-only">{words("ledger.caption")}</caption>
      <colgroup>
        <col className="w-[52px]" />
        <col />
        <col className="w-[28%]" />
        <col className="w-[76px]" />
      </colgroup>
      <tbody>
        {ledgerOf(grants, session.gaps, words, common).map((line) => (
          <Row key={line.id} line={line} />
        ))}
        <tr className="border-t border-line-strong font-semibold">
          <td />
          <th scope="row" colSpan={2} className="py-2 text-start">
            {left === "" ? words("ledger.granted") : words("ledger.leftOf", { time: all })}
          </th>
          <td className="py-2 text-end">{left === "" ? all : left}</td>
        </tr>
      </tbody>
    </table>
  );
}

/** What is left of what was given; the grace after it isn't time that anybody was given. */
function leftOf(session: Session, view: Pick<TileView, "digits" | "unit">, lengths: TimeWords): string {
  if (session.status === "ended") return lengths.signed(0).slice(1);
  if (view.digits === null) return "";
  const digits = lengths.digits(view.digits);
  return view.unit === null ? digits : `${digits} ${lengths.hourUnit}`;
}

function Row({ line }: { line: Line }) {
  const time = useVenueTime();
  const words = useWords("sessions");
  const lengths = useTimeWords();
  return (
    <tr className="border-b border-line align-baseline last:border-0">
      <td className="py-2 text-ink-3">{time.clock(line.at)}</td>
      <th scope="row" className="py-2 pe-2 text-start font-normal">
        {line.what}
        {line.why !== null && (
          <Small>
            <bdi>{line.why}</bdi>
          </Small>
        )}
      </th>
      <td className="truncate py-2 pe-2 text-ink-3">
        <bdi>{line.who}</bdi>
      </td>
      {line.given ? (
        <td className="py-2 text-end">
          <bdi>{lengths.signed(line.seconds)}</bdi>
        </td>
      ) : (
        <td className="py-2 text-end text-ink-3">
          {line.seconds === null ? words("ledger.lasts") : lengths.signed(line.seconds).slice(1)}
          <Small>{words("ledger.notUsed")}</Small>
        </td>
      )}
    </tr>
  );
}

function Small({ children }: { children: ReactNode }) {
  return <span className="block text-[12px]/4 text-ink-3">{children}</span>;
}
