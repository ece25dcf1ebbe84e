"use client";

import { Direction } from "radix-ui";
import { useEffect, useState, type ReactNode } from "react";
import { IntlProvider } from "use-intl";
import { load, type Messages } from "@/messages";
import { useLanguage } from "./language";
import { directionOf, type LanguageCode } from "./languages";
import { useNumerals } from "./numerals";

/** Texts that are out of reach, as on a line that breaks, are asked for again. */
const AGAIN_AFTER_MS = 2_000;

interface Loaded {
  language: LanguageCode;
  messages: Messages;
}

/** Gives its children the texts of the chosen language. Until they are there, nothing is shown or the language before. */
export function Words({ children }: { children: ReactNode }) {
  const [language] = useLanguage();
  const [loaded, setLoaded] = useState<Loaded | null>(null);

  useEffect(() => {
    let wanted = true;
    let timer: ReturnType<typeof setTimeout>;
    const fetchTexts = () =>
      void load[language]().then(
        (messages) => wanted && setLoaded({ language, messages }),
        () => {
          if (wanted) timer = setTimeout(fetchTexts, AGAIN_AFTER_MS);
        },
      );
    fetchTexts();
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [language]);

  if (loaded === null) return null;
  return (
    <SpokenIn language={loaded.language} messages={loaded.messages}>
      {children}
    </SpokenIn>
  );
}

/** Gives its children these texts. */
export function SpokenIn({ language, messages, children }: Loaded & { children: ReactNode }) {
  const numerals = useNumerals();
  return (
    <Direction.Provider dir={directionOf(language)}>
      {/* Times are formatted with the venue's zone by lib/time; this one only has to be the same everywhere. */}
      <IntlProvider locale={`${language}-u-nu-${numerals}`} messages={messages} timeZone="UTC">
        {children}
      </IntlProvider>
    </Direction.Provider>
  );
}
