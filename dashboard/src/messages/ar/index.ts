import type { Messages } from "..";
import common from "./common.json";
import shell from "./shell.json";
import time from "./time.json";

const messages: Messages = { common, shell, time };
export default messages;
