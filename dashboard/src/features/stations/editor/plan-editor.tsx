"use client";

import { Plus, Undo2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { useWords } from "@/lib/i18n";
import { useLink } from "@/lib/live";
import { freePlace, newZoneBox, sized, snap, tileAt, type Box } from "./boxes";
import { EditItem } from "./edit-item";
import { useZones } from "@/features/venues";
import { ZoneForm } from "../components/zone-forms";
import { clashOf, useEditor, type Item } from "./use-editor";
import { useInHand } from "./use-in-hand";
import { ZoneName } from "./zone-name";

/** The plan with everything on it to be moved and sized, and what isn't placed yet in a tray above it. */
export function PlanEditor({ onClose }: { onClose: () => void }) {
  const words = useWords("plan");
  const { live } = useLink();
  const editor = useEditor();
  const { items, move, rest, undo, canUndo } = editor;
  const start = useRef<Box | null>(null);
  const [adding, setAdding] = useState(false);
  const [renaming, setRenaming] = useState<string | null>(null);
  const renamed = useZones()?.find(({ id }) => id === renaming);
  const take = useInHand();
  const zones = items.filter(({ key }) => key.startsWith("z"));
  const stations = items.filter(({ key }) => key.startsWith("s"));
  const placed = zones.filter((zone): zone is Item & { box: Box } => zone.box !== null);
  const inZone = (id: string) => stations.flatMap(({ zone, box }) => (zone === id && box ? [box] : []));
  const tray = [...zones, ...stations].filter(({ box }) => box === null);
  const clash = items.map((item) => ({ item, other: clashOf(item, items) })).find(({ other }) => other !== null);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      void undo();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  });

  /** Its own zone, or the first one for a station that has none. */
  const homeOf = (item: Item) => (item.zone === null ? placed[0] : placed.find(({ id }) => id === item.zone));
  const put = (item: Item) => {
    take(item.key);
    if (item.key.startsWith("z"))
      move(item.key, {
        zone: null,
        box: newZoneBox(
          placed.map(({ box }) => box),
          stations.filter(({ zone }) => zone === item.id).length,
        ),
      });
    else {
      const target = homeOf(item);
      const box = target && freePlace(target.box, inZone(target.id));
      if (!target || !box) return;
      move(item.key, { zone: target.id, box });
    }
    void rest(item.key);
  };
  const canPut = (item: Item) => {
    if (item.key.startsWith("z")) return true;
    const target = homeOf(item);
    return target !== undefined && freePlace(target.box, inZone(target.id)) !== null;
  };
  const act =
    (item: Item & { box: Box }, change: (from: Box, dx: number, dy: number) => { zone: string | null; box: Box }) =>
    (dx: number, dy: number, phase: "from" | "drag" | "step") => {
      if (phase === "from") start.current = item.box;
      else if (live) move(item.key, change(phase === "step" ? item.box : (start.current ?? item.box), dx, dy));
    };
  const remove = (item: Item) => {
    if (!live) return;
    move(item.key, { zone: item.zone, box: null });
    void rest(item.key);
  };
  const width = Math.max(800, ...placed.map(({ box }) => box.x + box.w)) + 160;
  const height = Math.max(400, ...placed.map(({ box }) => box.y + box.h)) + 160;
  return (
    <div className="grid gap-3">
      <div className="sticky start-0 z-10 grid max-w-[calc(100vw-88px)] xl:max-w-[calc(100vw-232px)] gap-2 rounded-[12px] border border-line bg-zone p-3 light:bg-surface">
        <div className="flex flex-wrap items-center gap-2">
          <p className="min-w-0 flex-1 text-pretty text-ink-2">{words("how")}</p>
          <Button disabled={!live} onClick={() => setAdding(true)}>
            <Plus size={14} aria-hidden />
            {words("addZone")}
          </Button>
          <Button disabled={!canUndo || !live} onClick={() => void undo()}>
            <Undo2 size={14} className="rtl:-scale-x-100" aria-hidden />
            {words("undo")}
          </Button>
          <Button variant="primary" onClick={onClose}>
            {words("done")}
          </Button>
        </div>
        {tray.length > 0 && (
          <div
            role="group"
            aria-label={words("tray")}
            className="flex max-h-24 flex-wrap items-center gap-2 overflow-y-auto"
          >
            <span className="text-[12px]/4 text-ink-3">{words("tray")}</span>
            {tray.map((item) => (
              <Button
                key={item.key}
                data-item={item.key}
                className="focus:outline-2 focus:outline-offset-2 focus:outline-focus"
                disabled={!live || !canPut(item)}
                title={canPut(item) ? undefined : words(homeOf(item) ? "zoneFull" : "zoneFirst")}
                onClick={() => put(item)}
              >
                {item.name}
              </Button>
            ))}
          </div>
        )}
        <p role="status" className="text-soon empty:hidden">
          {clash?.other && words("overlap", { name: clash.item.name, other: clash.other.name })}
        </p>
      </div>
      <div
        dir="ltr"
        className="relative rounded-[12px] bg-[radial-gradient(var(--line)_1px,transparent_1px)] [background-size:16px_16px]"
        style={{ width, height }}
      >
        {placed.map((zone) => (
          <EditItem
            key={zone.key}
            item={zone.key}
            label={words("zone", { name: zone.name })}
            className={`cursor-move rounded-[12px] border bg-zone px-4 ${clashOf(zone, items) ? "border-2 border-dashed border-last" : "border-line-strong"}`}
            style={{ left: zone.box.x, top: zone.box.y, width: zone.box.w, height: zone.box.h }}
            onMove={act(zone, (from, dx, dy) => ({
              zone: null,
              box: { ...from, x: snap(from.x + dx), y: snap(from.y + dy) },
            }))}
            onSize={act(zone, (from, dx, dy) => ({
              zone: null,
              box: sized(from, from.w + dx, from.h + dy, inZone(zone.id)),
            }))}
            onRest={() => void rest(zone.key)}
            onRemove={() => remove(zone)}
          >
            <span className="flex h-10 items-center font-semibold text-ink-2">{zone.name}</span>
          </EditItem>
        ))}
        {placed.map((zone) => (
          <ZoneName key={zone.key} zone={zone} disabled={!live} onRename={() => setRenaming(zone.id)} />
        ))}
        {stations.map((station) => {
          const home = placed.find(({ id }) => id === station.zone);
          if (!home || station.box === null) return null;
          const tile = { ...station, box: station.box };
          return (
            <EditItem
              key={tile.key}
              item={tile.key}
              label={words("station", { name: tile.name })}
              className={`cursor-move rounded-[8px] border bg-surface p-2.5 text-[12px]/4 font-semibold ${clashOf(tile, items) ? "border-2 border-dashed border-last" : "border-line-strong"}`}
              style={{
                left: home.box.x + tile.box.x,
                top: home.box.y + tile.box.y,
                width: tile.box.w,
                height: tile.box.h,
              }}
              onMove={act(tile, (from, dx, dy) => ({ zone: home.id, box: tileAt(from.x + dx, from.y + dy, home.box) }))}
              onRest={() => void rest(tile.key)}
              onRemove={() => remove(tile)}
            >
              {tile.name}
            </EditItem>
          );
        })}
      </div>
      {adding && <ZoneForm onClose={() => setAdding(false)} />}
      {renamed && <ZoneForm key={renamed.id} zone={renamed} onClose={() => setRenaming(null)} />}
    </div>
  );
}
