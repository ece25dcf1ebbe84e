import { answerOf, api, type components } from "@/lib/api";
import { onNews } from "@/lib/live";
import { commandsOf } from "./queries";

export type Command = components["schemas"]["CommandOut"];
export type Metric = components["schemas"]["MetricOut"];
export type PcCommand = Command["command"];

/** A PC has 30 s to answer; the server says so at the latest then. */
const GIVEN_UP_MS = 40_000;
const ASK_AGAIN_MS = 2_000;

/** Tells a PC to do something; the same key again is the same command. */
export function tell(key: string, station: string, command: PcCommand, text?: string): Promise<Command> {
  return answerOf(
    api.POST("/api/v1/stations/{station_id}/commands", {
      params: { path: { station_id: station } },
      body: { command, params: text === undefined ? {} : { text } },
      headers: { "Idempotency-Key": key },
    }),
  );
}

/** Waits until it is known what became of a command; the command as it is then. */
export function outcomeOf(given: Command): Promise<Command> {
  return new Promise((resolve) => {
    let latest = given;
    const finish = () => {
      clearInterval(timer);
      clearTimeout(end);
      stop();
      resolve(latest);
    };
    const look = async () => {
      const found = (await commandsOf(given.station_id).catch(() => [])).find(({ id }) => id === given.id);
      latest = found ?? latest;
      if (latest.finished_at !== null || latest.state === "done" || latest.state === "failed") finish();
    };
    const stop = onNews((news) => {
      const here = news?.some(({ type, station_id: id }) => type.startsWith("COMMAND_") && id === given.station_id);
      if (here) void look();
    });
    const timer = setInterval(() => void look(), ASK_AGAIN_MS);
    const end = setTimeout(finish, GIVEN_UP_MS);
  });
}
