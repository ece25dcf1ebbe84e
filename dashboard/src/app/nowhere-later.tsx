"use client";

import dynamic from "next/dynamic";

/** Every page would load it with itself otherwise, and hardly any needs it. */
export const NowhereLater = dynamic(() => import("./nowhere"), { ssr: false });
