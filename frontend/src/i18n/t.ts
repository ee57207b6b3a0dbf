import { en } from "./en";

export type Key = keyof typeof en;

type Values = Readonly<Record<string, string | number>>;

/** The text for `key`, with `{name}` replaced by `values.name`. The only way words reach the screen. */
export function t(key: Key, values: Values = {}): string {
  return en[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
