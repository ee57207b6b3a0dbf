// The only way words reach the screen. Each language is one file of `locales/`; the browser itself knows its plurals.

import type en from "./locales/en.json";

export type Words = Readonly<Record<string, string>>;

type PluralForm = "zero" | "one" | "two" | "few" | "many" | "other";
type Plain<Name> = Name extends `${infer Base}_${PluralForm}` ? Base : Name;

/** `x` stands for `x_one`, `x_other` … where a text depends on a `count`. */
export type Key = Plain<keyof typeof en>;

type Values = Readonly<Record<string, string | number>>;

let words: Words = {}; // until a language is opened, before anything is drawn
let locale = "en";
let plurals = new Intl.PluralRules(locale);

export function speak(newLocale: string, newWords: Words): void {
  locale = newLocale;
  words = newWords;
  plurals = new Intl.PluralRules(newLocale);
}

/** As the browser's formats of numbers and times want it. */
export function currentLocale(): string {
  return locale;
}

/** The text for `key`, with `{name}` replaced by `values.name`, in the form that goes with `values.count`. */
export function t(key: Key, values: Values = {}): string {
  const text = words[key] ?? pluralOf(key, Number(values.count ?? 0)) ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

function pluralOf(key: string, count: number): string | undefined {
  return words[`${key}_${plurals.select(count)}`] ?? words[`${key}_other`];
}
