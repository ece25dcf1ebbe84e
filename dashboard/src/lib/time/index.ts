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
export {
  agoText,
  figure,
  figureText,
  lengthText,
  secondsUntil,
  signedTime,
  spokenTime,
  UNKNOWN,
  type Figure,
} from "./figures";
export { venueTime, type VenueTime } from "./venue-time";
