import { useInWords } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { Button } from "./button";
import { Bone } from "./table";

/** What was asked of the server, as react-query tells it. */
export interface Asked {
  isLoading: boolean;
  isFetching: boolean;
  error: unknown;
  refetch: () => unknown;
}

/** In the place of lines that aren't known: their bones, or why they couldn't be fetched and the way to try again. */
export function Awaited({ asked, failed, lines = 3 }: { asked: Asked; failed: string; lines?: number }) {
  const words = useWords("common");
  const inWords = useInWords();
  if (asked.error) {
    return (
      <div role="alert" className="flex items-center gap-3 py-2">
        <p className="min-w-0 flex-1 text-pretty text-ink-2">
          {failed} <span className="text-ink-3">{inWords(asked.error)}</span>
        </p>
        <Button busy={asked.isFetching} onClick={() => void asked.refetch()}>
          {words("tryAgain")}
        </Button>
      </div>
    );
  }
  if (!asked.isLoading) return null;
  return (
    <div aria-busy className="grid gap-[23px] py-3">
      {Array.from({ length: lines }, (_, line) => (
        <Bone key={line} width={line % 2 === 0 ? "72%" : "58%"} />
      ))}
    </div>
  );
}
