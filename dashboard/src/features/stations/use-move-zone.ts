import { useInWords, type Zone } from "@/lib/api";
import { toast } from "@/lib/toast";
import { useChangeZone } from "@/features/venues";

/** Lets a zone change places with its neighbour in the order. */
export function useMoveZone(): (zone: Zone, neighbour: Zone) => void {
  const change = useChangeZone();
  const inWords = useInWords();
  return (zone, neighbour) => {
    if (change.isPending) return;
    const refused = (error: unknown) => void toast.error(inWords(error));
    // Zones that were never ordered may share a number: the one that goes up gets a smaller one then.
    const [mine, theirs] =
      zone.sequence === neighbour.sequence
        ? [Math.max(0, neighbour.sequence - 1), neighbour.sequence + 1]
        : [neighbour.sequence, zone.sequence];
    change.mutate(
      { id: zone.id, sequence: mine },
      {
        onError: refused,
        onSuccess: () => change.mutate({ id: neighbour.id, sequence: theirs }, { onError: refused }),
      },
    );
  };
}
