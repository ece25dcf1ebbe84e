import { FilterSelect } from "@/components/ui/filters";
import { useStationOptions } from "../options";

/** Which station a list is of. */
export function StationFilter({
  label,
  all,
  value,
  onChange,
}: {
  label: string;
  /** What stands for every station. */
  all: string;
  value: string;
  onChange: (station: string) => void;
}) {
  const stations = useStationOptions();
  return (
    <FilterSelect label={label} value={value} onChange={onChange} options={[{ value: "", label: all }, ...stations]} />
  );
}
