export { ConnectionRow, LivePill } from "./components/connection";
export { Counts } from "./components/counts";
export { Floor } from "./components/floor";
export { FreeShape, LastShape, OkShape, SoonShape, StateMark, WarningMark } from "./components/state-mark";
export { StationSearch } from "./components/station-search";
export { kindIcons } from "./kinds";
export { useSelection } from "./selection";
export { deriveTile, graceLeft, toneOf, type TileState, type TileView, type Tone, type Warning } from "./tile";
export { deliveryWord, playerName, useTileWords, type TileWords } from "./tile-words";
