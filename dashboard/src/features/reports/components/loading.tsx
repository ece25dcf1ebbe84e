import { useWords } from "@/lib/i18n";
import { Bone } from "@/components/ui/table";

const card = "rounded-[12px] border border-line bg-zone p-4 light:bg-surface";

/** The cards in their places, before their figures are there. */
export function LoadingCards() {
  const words = useWords("common");
  return (
    <div aria-busy className="grid gap-3">
      <span role="status" className="sr-only">
        {words("loading")}
      </span>
      <div className="grid grid-cols-[repeat(auto-fit,minmax(180px,1fr))] gap-3 max-md:grid-cols-2">
        {Array.from({ length: 5 }, (_, number) => (
          <div key={number} className={`${card} grid h-[98px] content-between`}>
            <Bone width="50%" />
            <Bone width="40%" className="h-6" />
            <Bone width="70%" />
          </div>
        ))}
      </div>
      <div className="grid gap-3 min-[1280px]:grid-cols-[minmax(0,1fr)_404px]">
        {["h-[380px]", "h-[380px]", "h-[260px]", "h-[260px]"].map((height, number) => (
          <div key={number} className={`${card} ${height}`}>
            <Bone width="140px" />
          </div>
        ))}
      </div>
    </div>
  );
}
