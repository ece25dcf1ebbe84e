import { DateRange } from "@/components/ui/date-range";
import type { DayChoice, Preset } from "@/lib/time";
import { useBusinessDays } from "../business-days";

/** Which business days a list is of. Nothing until the venue's calendar is known. */
export function DaysFilter({
  value,
  presets,
  onChange,
}: {
  value: DayChoice;
  presets: readonly Preset[];
  onChange: (days: DayChoice) => void;
}) {
  const calendar = useBusinessDays();
  return calendar && <DateRange value={value} onChange={onChange} today={calendar.today} presets={presets} />;
}
