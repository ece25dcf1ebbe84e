export { addDays, businessDay, dayStartsAt, isDay, type Day } from "./business-day";
export {
  daysOf,
  freeChoice,
  isPreset,
  presets,
  readDayChoice,
  type DayChoice,
  type Days,
  type Preset,
} from "./day-range";
export { figure, secondsUntil, signedTime, UNKNOWN, type Figure } from "./figures";
export { timeWords, useTimeWords, type TimeWords } from "./words";
export { localeOf, venueTime, type VenueTime } from "./venue-time";
