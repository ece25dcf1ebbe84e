import type { ReactNode } from "react";
import { Notice, type NoticeProps } from "@/components/ui/notice";
import { useWords } from "@/lib/i18n";
import type { Entry } from "@/lib/live";
import type { TileView } from "@/features/stations";
import { useVenue } from "@/features/venues";
import { afterGrace } from "../enforcement";
import { Standing } from "./standing";
import { Waiting } from "./waiting";

/** What the state means for the person at the desk, where it isn't plain. */
export function Explanation({ entry, view }: { entry: Entry; view: TileView }): ReactNode {
  const { station, session } = entry;
  const words = useWords("sessions");
  const venue = useVenue();
  const values = { station: station.name };
  switch (view.state) {
    case "no-pc":
      return <Told tone="soon">{words("explain.noPc", values)}</Told>;
    case "maintenance":
      return (
        <Told tone="wait">
          {words("explain.maintenance", values)} {station.maintenance_note && <bdi>{station.maintenance_note}</bdi>}
        </Told>
      );
    case "offline":
      return <Told tone="soon">{words("explain.offline", values)}</Told>;
    case "waiting":
      return session && <Waiting name={station.name} session={session} />;
    case "paused":
      return session && <Standing station={station} session={session} />;
    case "time-up":
      return (
        <Told tone="last">
          {words("explain.timeUp")} {afterGrace(station, venue, words)}
        </Told>
      );
    default:
      return view.surprise === null ? null : <Told tone="soon">{words(`explain.${view.surprise}`, values)}</Told>;
  }
}

function Told({ tone, children }: { tone: NoticeProps["tone"]; children: ReactNode }) {
  return (
    <Notice tone={tone} role="note">
      {children}
    </Notice>
  );
}
