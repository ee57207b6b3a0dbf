import { expect, test } from "vitest";
import { ageOf, groupByAge } from "./days";

const now = new Date(2026, 10, 20, 0, 30);
const at = (day: number, hour: number) => new Date(2026, 10, day, hour).toISOString();

test("the calendar decides, not the hours", () => {
  expect(ageOf(at(20, 0), now)).toBe("today");
  expect(ageOf(at(19, 23), now)).toBe("yesterday");
  expect(ageOf(at(18, 23), now)).toBe("week");
  expect(ageOf(at(13, 0), now)).toBe("week");
  expect(ageOf(at(12, 23), now)).toBe("month");
  expect(ageOf("2020-01-01T00:00:00Z", now)).toBe("older");
});

test("the order stays, and each age stands once", () => {
  const row = (id: string, updated_at: string) => ({
    id,
    title: "",
    bot: null,
    version: 1,
    folder: null,
    pinned: false,
    archived: false,
    temporary: false,
    tags: [],
    created_at: "",
    updated_at,
  });
  const rows = [row("a", at(20, 0)), row("b", at(19, 9)), row("c", at(19, 8)), row("d", at(2, 1))];
  expect(groupByAge(rows, now).map(({ age, items }) => [age, items.map(({ id }) => id)])).toEqual([
    ["today", ["a"]],
    ["yesterday", ["b", "c"]],
    ["month", ["d"]],
  ]);
});
