import { newKey, Problem } from "@/lib/api";

/**
 * Idempotency keys by what is done to whom. A key is kept as long as it isn't known whether the thing was done (no
 * answer came, or the server or a proxy before it failed), so that doing it again can't do it twice.
 */
export class Keys {
  private readonly undecided = new Map<string, string>();

  async under<T>(what: string, run: (key: string) => Promise<T>): Promise<T> {
    const key = this.undecided.get(what) ?? newKey();
    this.undecided.set(what, key);
    try {
      const answer = await run(key);
      this.undecided.delete(what);
      return answer;
    } catch (error) {
      if (error instanceof Problem && error.status < 500) this.undecided.delete(what);
      throw error;
    }
  }
}
