export { EndingNext } from "./components/ending-next";
export { SessionHistory } from "./history/components/session-history";
export { StationPanel } from "./components/station-panel";
export { useServerNotices } from "./use-server-notices";
