"use client";

import { Activity, History, LayoutGrid } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { Problem, useInWords, type Session } from "@/lib/api";
import { FailedState } from "@/components/ui/empty";
import { Fact, Facts } from "@/components/ui/facts";
import { SidePanel } from "@/components/ui/side-panel";
import { Bone } from "@/components/ui/table";
import { useNow } from "@/lib/live";
import { useWords } from "@/lib/i18n";
import { figure, useTimeWords } from "@/lib/time";
import { useVenueTime } from "@/features/venues";
import { Ledger } from "../../components/ledger";
import { useSession } from "../queries";
import { SessionStatus } from "./status";
import { lengthOf, SessionTimeline } from "./session-timeline";

interface DetailProps {
  id: string;
  onClose: () => void;
  onPlayer: (name: string) => void;
  /** What the log says of a session. */
  events: (sessionId: string) => ReactNode;
}

/** One session: who, where, when; its time in scale and as a ledger; what happened. */
export function SessionDetail({ id, onClose, onPlayer, events }: DetailProps) {
  const words = useWords("history");
  const common = useWords("common");
  const inWords = useInWords();
  const { data: session, error, refetch, isFetching } = useSession(id);
  const name = session?.user_name ?? common("guest");
  const title = session ? words("detail.title", { player: name, station: session.station_name }) : words("detail.open");
  return (
    <SidePanel
      label={title}
      onClose={onClose}
      title={session ? <Header session={session} name={name} /> : words("detail.open")}
    >
      {session ? (
        <>
          <Times session={session} />
          <SessionTimeline session={session} />
          <div className="mt-6">
            <Left session={session} />
          </div>
          {events(session.id)}
          <Foot session={session} onPlayer={onPlayer} />
        </>
      ) : error ? (
        <FailedState
          title={words(error instanceof Problem && error.status === 404 ? "detail.gone" : "detail.failed")}
          why={inWords(error)}
          onRetry={() => void refetch()}
          busy={isFetching}
        />
      ) : (
        <div role="status" aria-label={common("loading")} className="grid gap-4">
          {["80%", "60%", "100%", "45%", "70%"].map((width) => (
            <Bone key={width} width={width} />
          ))}
        </div>
      )}
    </SidePanel>
  );
}

function Header({ session, name }: { session: Session; name: string }) {
  return (
    <>
      <span className="block truncate">
        <bdi>{name}</bdi>
      </span>
      <span className="mt-0.5 flex min-w-0 items-center gap-3 text-[12px]/4 font-normal text-ink-2">
        <bdi className="truncate">{session.station_name}</bdi>
        <SessionStatus session={session} />
      </span>
    </>
  );
}

function Times({ session }: { session: Session }) {
  const words = useWords("history");
  const times = useTimeWords();
  const granted = (session.duration_minutes + session.extended_minutes) * 60;
  const unused = session.status === "ended" ? Math.max(0, granted - session.played_seconds) : null;
  return (
    <>
      <dl className="mb-5 grid grid-cols-3 gap-2">
        <Figure name={words("detail.granted")} value={lengthOf(granted, times)} />
        <Figure name={words("detail.played")} value={lengthOf(session.played_seconds, times)} />
        {unused === null ? (
          <Figure name={words("detail.left")} value={lengthOf(session.remaining_seconds, times)} />
        ) : (
          <Figure name={words("detail.unused")} value={lengthOf(unused, times)} />
        )}
      </dl>
      <When session={session} />
    </>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div className="rounded-[8px] bg-surface px-3 py-2.5 light:bg-raised">
      <dt className="text-[12px]/4 text-ink-3">{name}</dt>
      <dd className="mt-0.5 text-[16px]/6 font-semibold tabular-nums">{value}</dd>
    </div>
  );
}

function When({ session }: { session: Session }) {
  const words = useWords("history");
  const time = useVenueTime();
  const moment = (text: string) => `${time.day(Date.parse(text))} ${time.clock(Date.parse(text))}`;
  const { ended_at: ended, ended_by: by, scheduled_end_at: deadline, notes } = session;
  return (
    <div className="mb-6">
      <Facts>
        <Fact name={words("detail.started")}>{moment(session.started_at)}</Fact>
        {ended !== null && <Fact name={words("detail.ended")}>{moment(ended)}</Fact>}
        {ended === null && deadline !== null && <Fact name={words("detail.ends")}>{moment(deadline)}</Fact>}
        <Fact name={words("detail.startedBy")}>
          <bdi>{session.created_by}</bdi>
        </Fact>
        {by !== null && (
          <Fact name={words("detail.endedBy")}>
            <bdi>{by}</bdi>
          </Fact>
        )}
        {notes !== null && <Fact name={words("detail.notes")}>{notes}</Fact>}
      </Facts>
    </div>
  );
}

/** The ledger, with what is left by the second. */
function Left({ session }: { session: Session }) {
  const deadline = session.scheduled_end_at === null ? null : Date.parse(session.scheduled_end_at);
  const seconds = useNow((now) =>
    session.status === "active" && deadline !== null
      ? Math.max(0, Math.ceil((deadline - now) / 1000))
      : session.remaining_seconds,
  );
  return <Ledger session={session} view={figure(seconds)} />;
}

const link = "inline-flex h-8 items-center gap-2 rounded-[7px] bg-raised px-3 font-medium max-md:h-11";

function Foot({ session, onPlayer }: { session: Session; onPlayer: (name: string) => void }) {
  const words = useWords("history");
  const { user_name: name } = session;
  return (
    <div className="mt-6 flex flex-wrap gap-2">
      {session.status !== "ended" && (
        <Link href={`/?station=${session.station_id}`} prefetch={false} className={link}>
          <LayoutGrid size={15} aria-hidden />
          {words("detail.onFloor")}
        </Link>
      )}
      <Link href={`/activity/?session=${session.id}&days=all`} prefetch={false} className={link}>
        <Activity size={15} aria-hidden />
        {words("detail.inActivity")}
      </Link>
      {name !== null && (
        <button type="button" onClick={() => onPlayer(name)} className={link}>
          <History size={15} aria-hidden />
          {words("detail.samePlayer")}
        </button>
      )}
    </div>
  );
}
