const KEPT = 500;
const made = new Map<string, string>();

/** Class names of Tailwind without those that a later one contradicts: of `h-8 px-3 h-9` it leaves `px-3 h-9`. */
export function withoutContradictions(classes: string): string {
  const known = made.get(classes);
  if (known !== undefined) return known;
  const settled = new Set<string>();
  const left: string[] = [];
  for (const name of classes.split(/\s+/).reverse()) {
    const [condition, base] = split(name);
    const property = propertyOf(base);
    if (property === null) left.push(name);
    else if (!settled.has(condition + property)) {
      left.push(name);
      for (const one of [property, ...(parts[property] ?? [])]) settled.add(condition + one);
    }
  }
  const result = left.reverse().join(" ").trim();
  if (made.size >= KEPT) made.clear();
  made.set(classes, result);
  return result;
}

/** `max-md:hover:-mt-1!` as when and how much it holds, in one order, and what it does: `mt-1`. */
function split(name: string): [string, string] {
  const pieces = name.split(/:(?![^[(]*[\])])/);
  const base = pieces.pop() ?? "";
  return [`${pieces.sort().join(":")}:${base.endsWith("!") ? "!" : ""}`, base.replace(/^-|!$/g, "")];
}

/** Names whose property their first words don't tell; the first that fits counts. */
const named: readonly (readonly [RegExp, string | null])[] = [
  [/^(block|inline|inline-block|flex|inline-flex|grid|inline-grid|contents|table|hidden)$/, "display"],
  [/^(static|relative|absolute|fixed|sticky)$/, "position"],
  [/^(underline|line-through|no-underline)$/, "decoration"],
  [/^text-(start|center|end)$/, "text-align"],
  [/^text-(pretty|balance|wrap|nowrap)$/, "text-wrap"],
  [/^text-\[[\d.]/, "text-size"],
  [/^text-/, "text-colour"],
  [/^font-(sans|mono)$/, "font-family"],
  [/^bg-\[(radial|linear|repeating|conic|url)/, "bg-image"],
  [/^bg-/, "bg-colour"],
  [/^fill-/, "fill"],
  [/^stroke-/, "stroke"],
  [/^border$|^border-[\d[]/, "border"],
  [/^border-[xysetb]($|-\d)/, "border-side"],
  [/^border-(dashed|solid|dotted)$/, "border-style"],
  [/^border-(separate|collapse)$/, "border-model"],
  [/^border-spacing-/, "border-spacing"],
  [/^border-/, "border-colour"],
  [/^outline-\d/, "outline-width"],
  [/^outline-none$/, "outline-style"],
  [/^outline-offset-/, "outline-offset"],
  [/^outline-/, "outline-colour"],
  [/^flex-(row|col)/, "flex-direction"],
  [/^flex-(wrap|nowrap)/, "flex-wrap"],
  [/^cursor-/, "cursor"],
  [/^(shrink|grow)$/, null],
];

/** What a class name sets: all of it before its value, where the name alone doesn't say. Null for what is alone in that. */
function propertyOf(base: string): string | null {
  for (const [names, property] of named) {
    if (!names.test(base)) continue;
    return property === "border-side" ? base.slice(0, "border-x".length) : property;
  }
  return /^(.+?)-(\[.*\]|\(.*\)|[^-]+)$/.exec(base)?.[1] ?? null;
}

const sides = (of: string) => [...["x", "y", "s", "e", "t", "b", "l", "r"].map((side) => of + side)];

/** What a property sets besides itself. */
const parts: Readonly<Record<string, readonly string[]>> = {
  p: sides("p"),
  px: ["ps", "pe", "pl", "pr"],
  py: ["pt", "pb"],
  m: sides("m"),
  mx: ["ms", "me", "ml", "mr"],
  my: ["mt", "mb"],
  size: ["w", "h"],
  inset: ["inset-x", "inset-y", "start", "end", "left", "right", "top", "bottom"],
  "inset-x": ["start", "end", "left", "right"],
  "inset-y": ["top", "bottom"],
  gap: ["gap-x", "gap-y"],
  border: sides("border-"),
  rounded: ["s", "e", "t", "b", "ss", "se", "es", "ee"].map((corner) => `rounded-${corner}`),
  overflow: ["overflow-x", "overflow-y"],
  translate: ["translate-x", "translate-y"],
  flex: ["shrink", "grow", "basis"],
  "text-size": ["leading"],
  "line-clamp": ["display", "overflow"],
};
