"use client";

import { TriangleAlert } from "lucide-react";
import { useEffect } from "react";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty";
import { lookForNewer } from "@/lib/build";
import { useWords } from "@/lib/i18n";

/** In a page's place when it couldn't be drawn, be it that its code is of a build which the server no longer has. */
export default function BrokenPage() {
  const words = useWords("app");
  useEffect(() => void lookForNewer(), []);
  return (
    <main className="grid min-w-0 flex-1 place-items-center bg-plan p-4">
      <div role="alert">
        <EmptyState
          Icon={TriangleAlert}
          title={words("broken.title")}
          action={
            <Button variant="primary" onClick={() => location.reload()}>
              {words("reload")}
            </Button>
          }
        >
          {words("broken.text")}
        </EmptyState>
      </div>
    </main>
  );
}
