"use client";

import { Plus, X } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { IconButton } from "@/components/ui/icon-button";
import { Select } from "@/components/ui/select";
import { useWords } from "@/lib/i18n";
import { playerTexts } from "../player-texts";
import type { OwnTexts as Texts } from "../settings";
import { useLanguageName } from "./place-fields";

const keys = Object.keys(playerTexts);

/** The venue's own words instead of GameOps' on the PCs' screens. */
export function OwnTexts({
  label,
  hint,
  problem,
  tags,
  value,
  onChange,
}: {
  label: string;
  hint: string;
  problem: string | null;
  /** The languages that players see. */
  tags: readonly string[];
  value: Texts;
  onChange: (value: Texts) => void;
}) {
  const words = useWords("settings");
  const nameOf = useLanguageName();
  const shown = [...new Set([...tags, ...value.map(({ tag }) => tag)])];
  const options = shown.map((tag) => ({ value: tag, label: nameOf(tag) ?? tag }));
  const put = (index: number, change: Partial<Texts[number]>) =>
    onChange(value.map((text, at) => (at === index ? { ...text, ...change } : text)));
  const free = () => {
    for (const tag of shown) {
      const key = keys.find((one) => !value.some((text) => text.tag === tag && text.key === one));
      if (key !== undefined) return { tag, key, text: "" };
    }
    return null;
  };
  const next = free();

  return (
    <fieldset className="min-w-0">
      <legend className="text-[12px]/4 font-semibold text-ink-2">{label}</legend>
      <p className="mt-1 text-[12px]/4 text-pretty text-ink-3">{hint}</p>
      {problem && (
        <p role="alert" className="mt-1.5 text-last">
          {problem}
        </p>
      )}
      <ul className="mt-3 grid gap-3 empty:hidden">
        {value.map(({ tag, key, text }, index) => (
          <li
            key={index}
            className="grid grid-cols-[1fr_1fr_auto] items-end gap-2 rounded-[8px] border border-line p-3"
          >
            <Select
              label={words("texts.language")}
              value={tag}
              options={options}
              onChange={(chosen) => put(index, { tag: chosen })}
            />
            <Select
              label={words("texts.which")}
              value={key}
              options={keys.map((one) => ({
                value: one,
                label: playerTexts[one] ?? one,
                disabled: one !== key && value.some((other) => other.tag === tag && other.key === one),
              }))}
              onChange={(chosen) => put(index, { key: chosen })}
            />
            <IconButton
              label={words("texts.remove")}
              Icon={X}
              onClick={() => onChange(value.filter((_text, at) => at !== index))}
              className="mb-1"
            />
            <div className="col-span-full">
              <Field
                label={words("texts.own")}
                dir="auto"
                lang={tag}
                value={text}
                maxLength={160}
                autoComplete="off"
                onChange={(event) => put(index, { text: event.target.value })}
              />
            </div>
          </li>
        ))}
      </ul>
      <Button className="mt-3" disabled={next === null} onClick={() => next && onChange([...value, next])}>
        <Plus size={15} aria-hidden />
        {words("texts.add")}
      </Button>
    </fieldset>
  );
}
