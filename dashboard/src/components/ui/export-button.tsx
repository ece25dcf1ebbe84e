import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { toast } from "@/lib/toast";
import { answerOf, useInWords } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { saveFile } from "@/lib/save-file";
import { Button } from "./button";

/** What the client answers where it is told to take a body as a file. */
export type FileAnswer = Promise<{ data?: unknown; error?: unknown; response: Response }>;

/** Saves what the page shows as a file. `fetchFile` is undefined while what is to be fetched isn't known yet. */
export function ExportButton({ name, fetchFile }: { name: string; fetchFile: (() => FileAnswer) | undefined }) {
  const words = useWords("common");
  const inWords = useInWords();
  const file = useMutation({
    mutationFn: async (fetchIt: () => FileAnswer) => saveFile(await answerOf(fetchIt() as Promise<Answer>), name),
    onSuccess: () => toast(words("exportDone", { name })),
    onError: (error) => toast.error(inWords(error)),
  });
  return (
    <Button
      onClick={() => fetchFile && file.mutate(fetchFile)}
      busy={file.isPending}
      disabled={file.isPending || fetchFile === undefined}
    >
      {!file.isPending && <Download size={15} aria-hidden />}
      {words("exportCsv")}
    </Button>
  );
}

type Answer = { data?: Blob; error?: unknown; response: Response };
