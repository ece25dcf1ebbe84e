import type { useTranslations } from "use-intl";
import type { Messages } from "@/messages";

declare module "use-intl" {
  interface AppConfig {
    Messages: Messages;
  }
}

export type Namespace = keyof Messages;

/** What says the texts of a namespace, for functions that are no hooks: `words("key", {values})`. */
export type Translate<N extends Namespace> = ReturnType<typeof useTranslations<N>>;
