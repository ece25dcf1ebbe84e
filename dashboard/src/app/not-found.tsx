import type { Metadata } from "next";
import { NowhereLater } from "./nowhere-later";

export const metadata: Metadata = { title: "Not found · GameOps" };

/** What stands at an address that leads nowhere, and the way back. */
export default function NotFound() {
  return <NowhereLater />;
}
