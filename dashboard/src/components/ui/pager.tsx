import { useWords } from "@/lib/i18n";
import { Button } from "./button";

/** The foot of a list that is fetched page by page. `problem` says why the next page didn't come. */
export function Pager({
  more,
  busy,
  onMore,
  problem,
}: {
  more: boolean;
  busy: boolean;
  onMore: () => void;
  problem?: string | null;
}) {
  const words = useWords("common");
  if (!more) return null;
  return (
    <div className="grid justify-items-center gap-2 py-4">
      {problem && (
        <p role="alert" className="text-center text-pretty text-last">
          {problem}
        </p>
      )}
      <Button onClick={onMore} busy={busy} disabled={busy}>
        {words("loadMore")}
      </Button>
    </div>
  );
}
