export { EndingNext } from "./components/ending-next";
export { StationPanel } from "./components/station-panel";
export { useServerNotices } from "./use-server-notices";
