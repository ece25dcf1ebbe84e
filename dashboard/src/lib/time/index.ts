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
