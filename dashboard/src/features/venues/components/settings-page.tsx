"use client";

import { later } from "@/components/ui/later";
import { Page } from "@/components/ui/page";
import { Tabs } from "@/components/ui/tabs";
import { useAddress } from "@/lib/address";
import { useWords } from "@/lib/i18n";
import { useMayManage, useMe } from "@/features/staff";
import { useVenue } from "../queries";
import { SettingsForm } from "./settings-form";

const HealthTab = later(async () => (await import("./health-tab")).HealthTab);

/** The venue's settings, and how the server is. A manager's and an owner's page. */
export function SettingsPage() {
  const words = useWords("settings");
  const title = useWords("shell")("pages.settings");
  const venue = useVenue();
  const me = useMe();
  const mayManage = useMayManage();
  const [read, change] = useAddress();
  const tab = read("tab") === "health" ? "health" : "venue";

  if (me && !mayManage) {
    return (
      <Page title={title}>
        <p className="p-4 text-ink-2">{words("notYours")}</p>
      </Page>
    );
  }
  return (
    <Page title={title}>
      <Tabs
        label={title}
        className="mx-auto max-w-[760px]"
        value={tab}
        onChange={(next) => change({ tab: next === "venue" ? null : next })}
        tabs={[
          {
            value: "venue",
            label: words("tabs.venue"),
            content: venue ? <SettingsForm venue={venue} /> : <p className="py-6 text-ink-3">{words("loading")}</p>,
          },
          { value: "health", label: words("tabs.health"), content: <HealthTab /> },
        ]}
      />
    </Page>
  );
}
