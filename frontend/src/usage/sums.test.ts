import { expect, test } from "vitest";
import type { UsageDay } from "../api/types";
import { asCsv, lastDays, sumOf, sumsOf } from "./sums";

const row = (given: Partial<UsageDay>): UsageDay => ({
  day: "2026-11-20",
  user: "a",
  email: "a@example.org",
  model: "m",
  answers: 1,
  errors: 0,
  calls: 1,
  input_tokens: 10,
  output_tokens: 5,
  dollars: 0.5,
  first_word_ms: 100,
  ...given,
});

test("a day without use stands in its place", () => {
  const days = lastDays(3, new Date("2026-11-21T10:00:00Z"));
  expect(days).toEqual(["2026-11-19", "2026-11-20", "2026-11-21"]);
  expect(sumsOf([row({})], "day", days).map(({ tokens }) => tokens)).toEqual([0, 15, 0]);
});

test("people and models come by what they used, and who left has no name", () => {
  const rows = [row({}), row({ user: null, email: null, input_tokens: 99 }), row({ model: "n" })];
  expect(sumsOf(rows, "person", []).map(({ of, tokens }) => [of, tokens])).toEqual([
    ["", 104],
    ["a@example.org", 30],
  ]);
});

test("the first word's time is weighed by answers, and left out where it is not known", () => {
  const rows = [
    row({ answers: 3, first_word_ms: 100 }),
    row({ first_word_ms: 500 }),
    row({ first_word_ms: null }),
  ];
  expect(sumOf("x", rows).firstWord).toBe(200);
  expect(sumOf("x", [row({ first_word_ms: null })]).firstWord).toBeNull();
});

test("a name that looks like a formula stays text", () => {
  expect(asCsv([row({ email: "=1+1", model: 'a"b' })])).toContain(`2026-11-20,'=1+1,"a""b",1`);
});
