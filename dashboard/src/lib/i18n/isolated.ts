/** A name within a sentence, kept from turning the words and figures around it when it runs from right to left. */
export function isolated(name: string): string {
  return /[\u0590-\u08ff]/.test(name) ? `\u2068${name}\u2069` : name;
}
