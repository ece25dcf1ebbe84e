/** `G` and then a letter goes to a page. */
export const pageKeys: Record<string, string> = {
  floor: "f",
  sessions: "s",
  stations: "d",
  activity: "a",
  analytics: "y",
};
