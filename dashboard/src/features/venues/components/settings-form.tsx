"use client";

import type { FormEvent, ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Select } from "@/components/ui/select";
import type { Venue } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { useLink } from "@/lib/live";
import type { FigureName, Setting } from "../settings";
import { LeaveGuard } from "./leave-guard";
import { OwnTexts } from "./own-texts";
import { PlayerLanguages } from "./player-languages";
import { DayStartField, LocaleField, TimeZoneField } from "./place-fields";
import { useSettings, type SettingsDraft } from "./use-settings";

/** Everything that a venue can set, in groups, each with what it does. */
export function SettingsForm({ venue }: { venue: Venue }) {
  const words = useWords("settings");
  const { live } = useLink();
  const settings = useSettings(venue);
  const { draft, changed, problems, set, save } = settings;
  const field = (setting: Setting) => ({
    label: words(`field.${setting}.name`),
    hint: words(`field.${setting}.hint`),
    problem: problems[setting] ?? null,
  });
  const figure = (setting: FigureName, unit: "minutes" | "seconds") => (
    <Field
      {...field(setting)}
      aside={words(unit)}
      inputMode="numeric"
      autoComplete="off"
      maxLength={6}
      value={draft[setting]}
      onChange={(event) => set(setting, event.target.value)}
    />
  );
  const answer = (setting: "auto_lock" | "auto_logout") => (
    <Select
      {...field(setting)}
      value={draft[setting]}
      options={(["", "yes", "no"] as const).map((value) => ({ value, label: words(`answer.${value || "open"}`) }))}
      onChange={(value) => set(setting, value)}
    />
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (live) save();
  };

  return (
    <form onSubmit={submit} noValidate className="mt-4 grid gap-4 pb-2">
      <Group title={words("group.venue")}>
        <Field
          {...field("name")}
          value={draft.name}
          maxLength={120}
          autoComplete="off"
          onChange={(event) => set("name", event.target.value)}
        />
        <TimeZoneField {...field("time_zone")} value={draft.time_zone} onChange={(value) => set("time_zone", value)} />
        <DayStartField {...field("day_start")} value={draft.day_start} onChange={(value) => set("day_start", value)} />
        <LocaleField {...field("locale")} value={draft.locale} onChange={(value) => set("locale", value)} />
      </Group>
      <Group title={words("group.sessions")} text={words("group.sessionsText")}>
        {figure("min_minutes", "minutes")}
        {figure("max_minutes", "minutes")}
        {figure("step_minutes", "minutes")}
        {figure("max_pause_minutes", "minutes")}
        {figure("unconfirmed_seconds", "seconds")}
        {figure("never_opened_seconds", "seconds")}
      </Group>
      <Group title={words("group.end")} text={words("group.endText")}>
        {figure("warning_seconds", "seconds")}
        {figure("grace_seconds", "seconds")}
        {answer("auto_lock")}
        {answer("auto_logout")}
        <Select
          {...field("lock_mode")}
          value={draft.lock_mode}
          options={(["", "kiosk", "workstation"] as const).map((value) => ({
            value,
            label: words(`lockMode.${value || "open"}`),
          }))}
          onChange={(value) => set("lock_mode", value)}
        />
      </Group>
      <Group title={words("group.players")} text={words("group.playersText")} one>
        <Field
          {...field("house_message")}
          value={draft.house_message}
          maxLength={160}
          autoComplete="off"
          onChange={(event) => set("house_message", event.target.value)}
        />
        <PlayerLanguages
          {...field("languages")}
          locale={draft.locale}
          value={draft.languages}
          onChange={(value) => set("languages", value)}
        />
        <OwnTexts
          {...field("texts")}
          tags={[draft.locale, ...draft.languages]}
          value={draft.texts}
          onChange={(value) => set("texts", value)}
        />
      </Group>
      <Foot settings={settings} live={live} />
      <LeaveGuard unsaved={changed.length > 0} />
    </form>
  );
}

function Group({
  title,
  text,
  one = false,
  children,
}: {
  title: string;
  text?: string;
  one?: boolean;
  children: ReactNode;
}) {
  return (
    <section aria-label={title} className="rounded-[12px] border border-line bg-zone p-5 max-md:p-4 light:bg-surface">
      <h2 className="text-[14px]/[18px] font-semibold">{title}</h2>
      {text && <p className="mt-1 text-pretty text-ink-3">{text}</p>}
      <div className={one ? "mt-4 grid gap-5" : "mt-4 grid items-start gap-x-5 gap-y-5 sm:grid-cols-2"}>{children}</div>
    </section>
  );
}

/** What is unsaved, what somebody else did meanwhile, and saving: always in sight. */
function Foot({ settings, live }: { settings: SettingsDraft; live: boolean }) {
  const words = useWords("settings");
  const { changed, overtaken, disputed, problems, refusal, busy, goOn, discard } = settings;
  const wrong = Object.keys(problems).length;
  if (changed.length === 0) return null;
  const names = disputed.map((setting) => words(`field.${setting}.name`)).join(", ");
  return (
    <div className="sticky bottom-0 z-10 -mx-1 grid gap-2 rounded-[12px] border border-line bg-raised p-3 shadow-panel">
      {overtaken && (
        <Notice tone="soon" role="alert">
          {disputed.length > 0 ? words("overtaken.same", { names }) : words("overtaken.other")}
        </Notice>
      )}
      {refusal && (
        <Notice tone="last" role="alert">
          {refusal}
        </Notice>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <p role="status" className={wrong > 0 ? "me-auto text-last" : "me-auto text-ink-2"}>
          {!live
            ? words("notLive")
            : wrong > 0
              ? words("wrong", { count: wrong })
              : words("unsaved", { count: changed.length })}
        </p>
        <Button className="border border-line bg-surface" onClick={discard}>
          {words("discard")}
        </Button>
        {overtaken ? (
          <Button variant="primary" onClick={goOn}>
            {words("overtaken.goOn")}
          </Button>
        ) : (
          <Button type="submit" variant="primary" busy={busy} disabled={!live}>
            {words("save")}
          </Button>
        )}
      </div>
    </div>
  );
}
