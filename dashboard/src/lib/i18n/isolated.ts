/** A name in a line of its own direction, whatever stands beside it. */
export function isolate(name: string): string {
  return `\u2068${name}\u2069`;
}

/** A name within a sentence, kept from turning the words and figures around it when it runs from right to left. */
export function isolated(name: string): string {
  return /[\u0590-\u08ff]/.test(name) ? isolate(name) : name;
}
