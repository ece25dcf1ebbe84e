export { DaysFilter } from "./components/days-filter";
export { SettingsPage } from "./components/settings-page";
export { useBusinessDays, type BusinessDays } from "./business-days";
export { VenueClock } from "./components/venue-clock";
export { VenueName } from "./components/venue-name";
export {
  useChangeZone,
  useCreateZone,
  useRetireZone,
  usePlaceZone,
  useVenue,
  useVenueNews,
  useVenueNumerals,
  useVenueTime,
  useZones,
} from "./queries";
