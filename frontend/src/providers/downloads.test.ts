import { expect, test } from "vitest";
import type { ModelDownload } from "../api/types";
import { doneNames, isUnderWay, shareOf } from "./downloads";

const download = (changes: Partial<ModelDownload>): ModelDownload => ({
  name: "owner/model",
  revision: "main",
  state: "running",
  done_bytes: 0,
  total_bytes: 0,
  problem: "",
  ...changes,
});

test("a download of which nobody knows the size is at its beginning", () => {
  expect(shareOf(download({ done_bytes: 10 }))).toBe(0);
  expect(shareOf(download({ done_bytes: 10, total_bytes: 40 }))).toBe(0.25);
  expect(shareOf(download({ done_bytes: 50, total_bytes: 40 }))).toBe(1);
});

test("only what waits or runs is under way", () => {
  const states = ["waiting", "running", "paused", "failed", "done"] as const;
  expect(states.filter((state) => isUnderWay(download({ state })))).toEqual(["waiting", "running"]);
});

test("which models have come is told whatever their order", () => {
  const [a, b] = [download({ name: "a", state: "done" }), download({ name: "b", state: "done" })];
  expect(doneNames([a, b])).toBe(doneNames([b, a]));
  expect(doneNames([a, download({ name: "b" })])).toBe("a");
});
