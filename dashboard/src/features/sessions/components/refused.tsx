"use client";

import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { useLink } from "@/lib/live";
import { forgetRefusal, useRefusal } from "../refusals";

/** Why the last action at this station wasn't done, and the choice to do it all the same. */
export function Refused({ station }: { station: string }) {
  const refusal = useRefusal(station);
  const { live } = useLink();
  if (refusal === null) return null;
  const { text, again, leave } = refusal;
  return (
    <Notice tone={again ? "soon" : "last"} role="alert">
      <p>{text}</p>
      {again && (
        <div className="mt-2 flex flex-wrap gap-2">
          <Button
            variant="primary"
            disabled={!live}
            onClick={() => {
              forgetRefusal(station);
              again.run();
            }}
          >
            {again.label}
          </Button>
          {leave !== null && <Button onClick={() => forgetRefusal(station)}>{leave}</Button>}
        </div>
      )}
    </Notice>
  );
}
