import { expect, test } from "vitest";
import { limitsFrom, shareOf } from "./budgets";

const EMPTY = { tokens_per_month: "", dollars_per_month: "", tokens_per_minute: "", concurrent: "" };

test("an empty field is no limit, and zero is one", () => {
  const limits = limitsFrom({ ...EMPTY, tokens_per_month: "0", dollars_per_month: " 2.5 " });
  expect(limits).toEqual({
    tokens_per_month: 0,
    dollars_per_month: 2.5,
    tokens_per_minute: null,
    concurrent: null,
  });
});

test("a share ends at all of it, and of nothing all is used", () => {
  expect(shareOf(50, 200)).toBe(0.25);
  expect(shareOf(300, 200)).toBe(1);
  expect(shareOf(0, 0)).toBe(1);
});
