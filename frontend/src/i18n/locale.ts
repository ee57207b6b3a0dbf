// Which language is spoken: the one that was chosen, or the first of the browser's that we know.

import { keep, recall } from "../shell/storage";
import { speak, type Words } from "./t";

/** Each in its own words, in the order in which they are offered. */
export const LOCALES = {
  en: "English",
  de: "Deutsch",
  fr: "Français",
  es: "Español",
  pt: "Português",
  ja: "日本語",
  zh: "中文",
  ar: "العربية",
} as const;

export type Locale = keyof typeof LOCALES;

const CHOICE = "parley.locale";
const WORKSPACES = "parley.locale.workspace";
const RIGHT_TO_LEFT: ReadonlySet<Locale> = new Set<Locale>(["ar"]);

// A page needs one of them, and which one only the browser knows.
const files = import.meta.glob<Words>("./locales/*.json", { import: "default" });

export function directionOf(locale: Locale): "ltr" | "rtl" {
  return RIGHT_TO_LEFT.has(locale) ? "rtl" : "ltr";
}

export function isLocale(text: string | null): text is Locale {
  return text !== null && text in LOCALES;
}

export function chosenLocale(wishes: readonly string[] = navigator.languages): Locale {
  const chosen = [recall(CHOICE), recall(WORKSPACES)].find(isLocale);
  if (chosen) return chosen;
  const bases = wishes.map((wish) => wish.toLowerCase().split("-")[0] ?? "");
  return bases.find(isLocale) ?? "en";
}

export function keepLocale(locale: Locale): void {
  keep(CHOICE, locale);
}

/** What the workspace speaks, from the next start on too; empty: nothing of its own. Undefined where somebody chose. */
export function workspaceLocale(told: string): Locale | undefined {
  keep(WORKSPACES, told);
  return isLocale(recall(CHOICE)) ? undefined : chosenLocale();
}

/** Loads a language and speaks it. Returns what is spoken now: English where the file did not come. */
export async function openLocale(wished: Locale): Promise<Locale> {
  const words = await load(wished);
  const locale = words ? wished : "en";
  speak(locale, words ?? (await load("en")) ?? {});
  document.documentElement.lang = locale;
  document.documentElement.dir = directionOf(locale);
  return locale;
}

async function load(locale: Locale): Promise<Words | undefined> {
  return files[`./locales/${locale}.json`]?.().catch(() => undefined);
}
