"use client";

import { asDialog, later } from "@/components/ui/later";

export const ZoneForm = later(async () => (await import("./zone-forms")).ZoneForm, asDialog);
export const RetireZone = later(async () => (await import("./zone-forms")).RetireZone, asDialog);
