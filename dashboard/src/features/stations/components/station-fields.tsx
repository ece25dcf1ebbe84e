"use client";

import { ChoiceList } from "@/components/ui/choice-list";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import type { Station, Zone } from "@/lib/api";
import { useWords } from "@/lib/i18n";

export interface StationValues {
  kind: Station["kind"];
  driver: Station["driver"];
  /** "": none; "new": the one named by `newZone`. */
  zone: string;
  newZone: string;
}

/** What a station is, where it stands and who opens it. */
export function StationFields({
  values,
  zones,
  locked,
  onChange,
}: {
  values: StationValues;
  zones: readonly Zone[];
  /** While a session runs nobody else can open and close it. */
  locked?: boolean;
  onChange: (values: StationValues) => void;
}) {
  const words = useWords("places");
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <Select
          label={words("form.kind")}
          value={values.kind}
          options={(["pc", "console", "vr", "other"] as const).map((value) => ({
            value,
            label: words(`kind.${value}`),
          }))}
          onChange={(kind) =>
            onChange({ ...values, kind, driver: locked ? values.driver : kind === "pc" ? "agent" : "manual" })
          }
        />
        <Select
          label={words("form.zone")}
          value={values.zone}
          options={[
            { value: "", label: words("zone.none") },
            ...zones.map(({ id, name }) => ({ value: id, label: name })),
            { value: "new", label: words("form.newZone") },
          ]}
          onChange={(zone) => onChange({ ...values, zone })}
        />
      </div>
      {values.zone === "new" && (
        <Field
          label={words("zone.name")}
          value={values.newZone}
          maxLength={80}
          autoComplete="off"
          autoFocus
          onChange={(event) => onChange({ ...values, newZone: event.target.value })}
        />
      )}
      <ChoiceList
        legend={words("form.driver")}
        value={values.driver}
        disabled={locked}
        choices={(["agent", "manual"] as const).map((value) => ({
          value,
          label: words(`driver.${value}.name`),
          hint: words(`driver.${value}.text`),
        }))}
        onChange={(driver) => onChange({ ...values, driver })}
      />
      {locked && <p className="text-[12px]/4 text-ink-3">{words("form.driverLocked")}</p>}
    </>
  );
}
