import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { paced } from "./useAnswer";

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "requestAnimationFrame", "cancelAnimationFrame", "performance"],
  });
});
afterEach(() => {
  vi.useRealTimers();
});

test("however many tokens come, a frame draws once", async () => {
  const draw = vi.fn();
  const { ask } = paced(draw);
  for (let token = 0; token < 100; token += 1) ask();
  expect(draw).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(17);
  expect(draw).toHaveBeenCalledTimes(1);
  ask();
  await vi.advanceTimersByTimeAsync(17);
  expect(draw).toHaveBeenCalledTimes(2);
});

test("what takes long to draw is drawn less often", async () => {
  const draw = vi.fn(() => vi.advanceTimersByTime(100));
  const { ask } = paced(draw);
  ask();
  await vi.advanceTimersByTimeAsync(17);
  ask();
  await vi.advanceTimersByTimeAsync(470);
  expect(draw).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(700);
  expect(draw).toHaveBeenCalledTimes(2);
});

test("a hidden tab, which gets no frames, is kept up to date all the same", async () => {
  vi.stubGlobal("requestAnimationFrame", () => 1);
  const draw = vi.fn();
  paced(draw).ask();
  await vi.advanceTimersByTimeAsync(500);
  expect(draw).toHaveBeenCalledTimes(1);
  vi.unstubAllGlobals();
});

test("nothing is drawn after leaving", async () => {
  const draw = vi.fn();
  const { ask, cancel } = paced(draw);
  ask();
  cancel();
  await vi.advanceTimersByTimeAsync(1000);
  expect(draw).not.toHaveBeenCalled();
});
