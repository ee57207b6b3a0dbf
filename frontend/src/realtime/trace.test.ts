import { expect, test } from "vitest";
import { newTrace, traceOf } from "./trace";

const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-01$/;

test("a post has the same trace however often it is sent", () => {
  const key = "9b2e7c1a-4d3f-4a5b-8c6d-7e8f90a1b2c3";

  expect(traceOf(key)).toBe("00-8c6d7e8f90a1b2c39b2e7c1a4d3f4a5b-8c6d7e8f90a1b2c3-01");
  expect(traceOf(key)).toMatch(TRACEPARENT);
});

test("traces differ, and by their last half as well: the server keeps a share by it", () => {
  const halves = new Set(Array.from({ length: 400 }, () => newTrace().slice(19, 20)));

  expect(newTrace()).toMatch(TRACEPARENT);
  expect(halves.size).toBe(16);
});
