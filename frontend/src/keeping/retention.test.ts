import { expect, test } from "vitest";
import { isNothing, isSame, offered } from "./retention";

const DAYS = { conversations: null, archives: null, files: 0, usage: 400 };

test("what somebody chose elsewhere is offered among the usual times, and for ever comes last", () => {
  expect(offered(45)).toEqual([7, 30, 45, 90, 180, 365, 730, 0]);
  expect(offered(null)).toEqual([7, 30, 90, 180, 365, 730, 0]);
});

test("for ever is another choice than what the server says", () => {
  expect(isSame(DAYS, { ...DAYS })).toBe(true);
  expect(isSame(DAYS, { ...DAYS, files: null })).toBe(false);
});

test("a choice deletes something as soon as one kind of thing goes", () => {
  const none = { conversations: 0, archives: 0, files: 0, file_bytes: 0, usage_records: 0 };
  expect(isNothing(none)).toBe(true);
  expect(isNothing({ ...none, usage_records: 1 })).toBe(false);
});
