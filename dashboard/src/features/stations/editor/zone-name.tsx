import { PenLine } from "lucide-react";
import { IconButton } from "@/components/ui/icon-button";
import { useWords } from "@/lib/i18n";
import type { Box } from "./boxes";
import type { Item } from "./use-editor";

const SIZE = 32;

/** At the end of a zone's heading: gives it another name. It lies over the zone, which is itself a thing to press. */
export function ZoneName({
  zone,
  disabled,
  onRename,
}: {
  zone: Item & { box: Box };
  disabled: boolean;
  onRename: () => void;
}) {
  const words = useWords("places");
  const { x, y, w } = zone.box;
  return (
    <IconButton
      label={words("zone.rename", { zone: zone.name })}
      Icon={PenLine}
      disabled={disabled}
      onClick={onRename}
      className="absolute"
      style={{ left: x + w - SIZE - 8, top: y + 4 }}
    />
  );
}
