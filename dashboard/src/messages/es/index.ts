import type { Messages } from "..";
import activity from "./activity.json";
import app from "./app.json";
import common from "./common.json";
import dates from "./dates.json";
import errors from "./errors.json";
import eventTypes from "./eventTypes.json";
import history from "./history.json";
import keys from "./keys.json";
import many from "./many.json";
import places from "./places.json";
import plan from "./plan.json";
import reports from "./reports.json";
import sessions from "./sessions.json";
import settings from "./settings.json";
import shell from "./shell.json";
import staff from "./staff.json";
import stations from "./stations.json";
import team from "./team.json";
import time from "./time.json";

const messages: Messages = {
  activity,
  app,
  common,
  dates,
  errors,
  eventTypes,
  history,
  keys,
  many,
  places,
  plan,
  reports,
  sessions,
  settings,
  shell,
  staff,
  stations,
  team,
  time,
};
export default messages;
