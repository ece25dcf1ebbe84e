import type { Messages } from "..";
import common from "./common.json";
import dates from "./dates.json";
import shell from "./shell.json";
import time from "./time.json";

const messages: Messages = {
  common,
  dates,
  shell,
  time,
};
export default messages;
