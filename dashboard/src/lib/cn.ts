import { clsx, type ClassValue } from "clsx";
import { withoutContradictions } from "./classes";

/** Joins class names; of two that contradict each other the later one counts. */
export function cn(...classes: ClassValue[]): string {
  return withoutContradictions(clsx(classes));
}
