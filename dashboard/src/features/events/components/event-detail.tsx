"use client";

import { ChevronDown, ChevronUp, History, SearchX } from "lucide-react";
import Link from "next/link";
import type { FloorEvent } from "@/lib/api";
import { CopyButton } from "@/components/ui/copy-button";
import { EmptyState } from "@/components/ui/empty";
import { Fact, Facts } from "@/components/ui/facts";
import { IconButton } from "@/components/ui/icon-button";
import { SidePanel } from "@/components/ui/side-panel";
import { useNow } from "@/lib/live";
import { useWords } from "@/lib/i18n";
import { useTimeWords } from "@/lib/time";
import { useVenueTime } from "@/features/venues";
import { isRecord } from "../diff";
import { playerOf, useEventWords, useStationName } from "../words";
import { EventDiff } from "./event-diff";
import { EventMark } from "./event-mark";
import { SessionEvents } from "./session-events";

interface DetailProps {
  event: FloorEvent | undefined;
  /** The events beside it in the list; null where there is none. */
  later: number | null;
  earlier: number | null;
  onShow: (id: number) => void;
  onClose: () => void;
}

/** One event: when, who, what changed, what it belongs to, and all that the log holds of it. */
export function EventDetail({ event, later, earlier, onShow, onClose }: DetailProps) {
  const words = useWords("activity");
  const said = useEventWords();
  if (!event) {
    return (
      <SidePanel label={words("detail.gone")} title={words("detail.gone")} onClose={onClose}>
        <EmptyState Icon={SearchX} title={words("detail.gone")}>
          {words("detail.goneText")}
        </EmptyState>
      </SidePanel>
    );
  }
  return (
    <SidePanel
      label={words("detail.label", { name: said.name(event.type) })}
      onClose={onClose}
      title={
        <span className="flex items-start gap-3">
          <EventMark type={event.type} large />
          <span className="min-w-0 flex-1">
            <span className="block text-pretty">{said.name(event.type)}</span>
            <code className="block font-mono text-[11px]/4 font-normal wrap-anywhere text-ink-3">{event.type}</code>
          </span>
        </span>
      }
    >
      <div className="mb-4 flex items-start gap-2">
        <p className="min-w-0 flex-1 text-pretty text-ink-2">{said.sentence(event.type)}</p>
        <IconButton
          label={words("detail.later")}
          Icon={ChevronUp}
          disabled={later === null}
          onClick={() => later !== null && onShow(later)}
          className="-mt-1.5 disabled:opacity-45"
        />
        <IconButton
          label={words("detail.earlier")}
          Icon={ChevronDown}
          disabled={earlier === null}
          onClick={() => earlier !== null && onShow(earlier)}
          className="-mt-1.5 disabled:opacity-45"
        />
      </div>
      <EventFacts event={event} />
      <div className="mt-6">
        <EventDiff data={event.data} />
        {event.session_id !== null && <SessionEvents sessionId={event.session_id} current={event.id} />}
        <Raw event={event} />
      </div>
      {event.session_id !== null && (
        <Link
          href={`/sessions/?id=${event.session_id}&days=all`}
          prefetch={false}
          className="mt-5 inline-flex h-8 items-center gap-2 rounded-[7px] bg-raised px-3 font-medium max-md:h-11"
        >
          <History size={15} aria-hidden />
          {words("detail.openSession")}
        </Link>
      )}
    </SidePanel>
  );
}

function EventFacts({ event }: { event: FloorEvent }) {
  const words = useWords("activity");
  const said = useEventWords();
  const time = useVenueTime();
  const times = useTimeWords();
  const at = Date.parse(event.at);
  const seconds = useNow((now) => ago(now - at));
  const station = useStationName()(event.station_id);
  const player = playerOf(event);
  const more = said.more(event);
  return (
    <Facts>
      <Fact name={words("detail.when")}>
        <span className="tabular-nums">
          {time.day(at)} {time.seconds(at)}
        </span>{" "}
        <span className="text-ink-3">{times.past(seconds)}</span>
      </Fact>
      <Fact name={words("detail.who")}>
        <bdi>{said.who(event)}</bdi>
      </Fact>
      {station !== null && (
        <Fact name={words("detail.where")}>
          <bdi>{station}</bdi>
        </Fact>
      )}
      {player !== null && (
        <Fact name={words("detail.player")}>
          <bdi>{player}</bdi>
        </Fact>
      )}
      {more !== null && (
        <Fact name={words("detail.cause")}>
          <bdi className="tabular-nums">{more}</bdi>
        </Fact>
      )}
      <Fact name={words("detail.number")}>
        <span className="tabular-nums">{times.digits(String(event.id))}</span>
      </Fact>
      <Fact name={words("detail.link")}>
        <CopyButton text={linkTo(event)} what={words("detail.linkTo")} className="h-6 px-2 text-[12px] max-md:h-11" />
      </Fact>
      {event.request_id !== null && (
        <Fact name={words("detail.request")}>
          <code className="font-mono text-[12px]">{event.request_id}</code>
        </Fact>
      )}
    </Facts>
  );
}

/** Where this event alone is shown, whatever the list is narrowed by. */
function linkTo({ id }: FloorEvent): string {
  return `${location.origin}/activity/?id=${id}`;
}

/** In seconds under a minute, then by the minute, so that the panel is drawn anew no oftener. */
function ago(ms: number): number {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return seconds < 60 ? seconds : seconds - (seconds % 60);
}

const block = "mt-2 max-h-[360px] overflow-auto rounded-[8px] bg-plan p-3 font-mono text-[11px]/4 whitespace-pre";
const summary = "cursor-pointer py-1 font-semibold text-ink-2";

/** Stack traces and all the rest, folded. Both are written from left to right in every language. */
function Raw({ event }: { event: FloorEvent }) {
  const words = useWords("activity");
  const report = isRecord(event.data.report) ? event.data.report : {};
  const trace = [event.data.stack_trace, report.stack_trace].find((text) => typeof text === "string");
  const all = JSON.stringify(event, null, 2);
  return (
    <div className="mt-6 grid grid-cols-1 gap-2 border-t border-line pt-3">
      {trace !== undefined && (
        <details>
          <summary className={summary}>{words("detail.trace")}</summary>
          <pre dir="ltr" tabIndex={0} aria-label={words("detail.trace")} className={block}>
            {String(trace)}
          </pre>
        </details>
      )}
      <details>
        <summary className={summary}>{words("detail.raw")}</summary>
        <pre dir="ltr" tabIndex={0} aria-label={words("detail.raw")} className={block}>
          {all}
        </pre>
        <CopyButton text={all} what={words("detail.rawName")} className="mt-2" />
      </details>
    </div>
  );
}
