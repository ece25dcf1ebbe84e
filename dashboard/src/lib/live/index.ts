export {
  useEntry,
  useFloorCount,
  useFloorView,
  useFreshOn,
  useLink,
  useNow,
  useStationIds,
  useStationView,
  useStore,
} from "./hooks";
export { clock, floor, link, nudgeLive, onNews, startLive } from "./live";
export type { Entry } from "./floor";
