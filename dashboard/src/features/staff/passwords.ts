export const SHORTEST_PASSWORD = 10;
export const LONGEST_PASSWORD = 200;

/** Letters and figures that nobody takes for each other when they are read out. */
const READABLE = "abcdefghijkmnpqrstuvwxyz23456789";

/** A password that can be read out at the desk: `k7qf-2m9d-x4ha-p3rw`, 80 bits of chance. */
export function readablePassword(): string {
  const letters = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => READABLE[byte % READABLE.length]);
  return [0, 4, 8, 12].map((start) => letters.slice(start, start + 4).join("")).join("-");
}
