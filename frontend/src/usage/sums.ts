// Sums over the report of usage: by day, by person or by model.

import type { UsageDay } from "../api/types";

export const GROUPS = ["day", "person", "model"] as const;
export type Group = (typeof GROUPS)[number];

export const MEASURES = ["tokens", "dollars", "answers", "people", "firstWord"] as const;
export type Measure = (typeof MEASURES)[number];

/** `of`: the day, the address ("" for people who left) or the model. `firstWord`: mean ms, null while it is not known. */
export type Sum = {
  of: string;
  people: number;
  answers: number;
  errors: number;
  input: number;
  output: number;
  tokens: number;
  dollars: number;
  firstWord: number | null;
};

/** Days in their order, those without use included; people and models by tokens, most first. */
export function sumsOf(rows: readonly UsageDay[], by: Group, days: readonly string[]): Sum[] {
  const groups = new Map<string, UsageDay[]>(by === "day" ? days.map((day) => [day, []]) : []);
  for (const row of rows) {
    const key = by === "day" ? row.day : by === "person" ? (row.email ?? "") : row.model;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const sums = [...groups].map(([of, group]) => sumOf(of, group));
  return by === "day"
    ? sums.sort((a, b) => a.of.localeCompare(b.of))
    : sums.sort((a, b) => b.tokens - a.tokens);
}

export function sumOf(of: string, rows: readonly UsageDay[]): Sum {
  const total = (pick: (row: UsageDay) => number) => rows.reduce((sum, row) => sum + pick(row), 0);
  const timed = rows.filter((row) => row.first_word_ms !== null);
  // Each row holds a mean: weighed by its answers, which come close to the number of times it is the mean of.
  const weight = timed.reduce((sum, row) => sum + row.answers, 0);
  const waited = timed.reduce((sum, row) => sum + (row.first_word_ms ?? 0) * row.answers, 0);
  const [input, output] = [total((row) => row.input_tokens), total((row) => row.output_tokens)];
  return {
    of,
    people: new Set(rows.map((row) => row.user)).size,
    answers: total((row) => row.answers),
    errors: total((row) => row.errors),
    input,
    output,
    tokens: input + output,
    dollars: total((row) => row.dollars),
    firstWord: weight ? waited / weight : null,
  };
}

/** The last `count` days up to today, UTC, oldest first. */
export function lastDays(count: number, now: Date = new Date()): string[] {
  const today = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate());
  return Array.from({ length: count }, (_, index) =>
    new Date(today - (count - 1 - index) * 86_400_000).toISOString().slice(0, 10),
  );
}

const COLUMNS = [
  "day",
  "email",
  "model",
  "answers",
  "errors",
  "calls",
  "input_tokens",
  "output_tokens",
  "dollars",
  "first_word_ms",
] as const;

/** Every row of the report (RFC 4180). */
export function asCsv(rows: readonly UsageDay[]): string {
  const cell = (value: string | number | null) => {
    const text = String(value ?? "");
    // A text that begins like a formula would be one to a spreadsheet.
    const harmless = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
  };
  return [COLUMNS, ...rows.map((row) => COLUMNS.map((name) => row[name]))]
    .map((row) => row.map(cell).join(","))
    .join("\r\n")
    .concat("\r\n");
}
