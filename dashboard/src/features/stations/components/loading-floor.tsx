import { useWords } from "@/lib/i18n";

/** The floor before it is known: a zone and empty tiles in place, still. */
export function LoadingFloor() {
  const words = useWords("stations");
  return (
    <section
      aria-busy="true"
      className="w-fit max-w-full rounded-[12px] border border-line bg-zone px-4 pb-4 max-md:w-full max-md:border-0 max-md:bg-transparent max-md:p-0"
    >
      <p className="flex h-10 items-center text-ink-3">{words("loading")}</p>
      <GhostTiles />
    </section>
  );
}

/** Twelve places without a station. */
export function GhostTiles() {
  return (
    <div
      aria-hidden
      className="grid grid-cols-[repeat(4,144px)] gap-2 max-lg:grid-cols-[repeat(3,144px)] max-md:grid-cols-3"
    >
      {Array.from({ length: 12 }, (_, index) => (
        <div key={index} className="h-[88px] rounded-[8px] border border-line max-md:h-20" />
      ))}
    </div>
  );
}
