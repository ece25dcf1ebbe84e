export { ConnectionRow, LivePill } from "./components/connection";
export { Counts } from "./components/counts";
export { Floor } from "./components/floor";
export { FreeShape, LastShape, OkShape, SoonShape, StateMark, WarningMark } from "./components/state-mark";
export { StationSearch } from "./components/station-search";
export { kindIcons, kindNouns } from "./kinds";
export { useSelection } from "./selection";
export {
  deliveryWord,
  deriveTile,
  graceLeft,
  playerName,
  toneOf,
  type TileState,
  type TileView,
  type Tone,
} from "./tile";
