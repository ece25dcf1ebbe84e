export { EndingNext } from "./components/ending-next";
export { SessionHistory } from "./history/components/session-history";
export { SelectionBar } from "./components/selection-bar";
export { SoundSwitch } from "./components/sound-switch";
export { StationPanel } from "./components/station-panel";
export { useEndingSounds } from "./use-ending-sounds";
export { useServerNotices } from "./use-server-notices";
