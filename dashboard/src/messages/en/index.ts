import common from "./common.json";
import shell from "./shell.json";
import time from "./time.json";

const messages = { common, shell, time };
export default messages;
