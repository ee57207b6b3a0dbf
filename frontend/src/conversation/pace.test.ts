import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { paced } from "./pace";

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "requestAnimationFrame", "cancelAnimationFrame", "performance"],
  });
});
afterEach(() => {
  vi.useRealTimers();
});

/** What is asked for is drawn at once, and took so long. */
function drawing(costMs: number) {
  const draw = vi.fn(() => {
    vi.advanceTimersByTime(costMs);
    queueMicrotask(() => pace.drawn());
  });
  const pace = paced(draw);
  return { draw, pace };
}

test("however many tokens come, a frame draws once", async () => {
  const { draw, pace } = drawing(0);
  for (let token = 0; token < 100; token += 1) pace.ask();
  expect(draw).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(17);
  expect(draw).toHaveBeenCalledTimes(1);
  pace.ask();
  await vi.advanceTimersByTimeAsync(34);
  expect(draw).toHaveBeenCalledTimes(2);
});

test("what takes long to draw is drawn less often", async () => {
  const { draw, pace } = drawing(10);
  pace.ask();
  await vi.advanceTimersByTimeAsync(30);
  expect(draw).toHaveBeenCalledTimes(1);
  pace.ask();
  await vi.advanceTimersByTimeAsync(110);
  expect(draw).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(60);
  expect(draw).toHaveBeenCalledTimes(2);
});

test("however long it takes to draw, it is drawn several times a second", async () => {
  const { draw, pace } = drawing(100);
  pace.ask();
  await vi.advanceTimersByTimeAsync(17);
  pace.ask();
  await vi.advanceTimersByTimeAsync(300);
  expect(draw).toHaveBeenCalledTimes(2);
});

test("what comes while it is being drawn is drawn afterwards, not instead", async () => {
  const draw = vi.fn();
  const pace = paced(draw);
  pace.ask();
  await vi.advanceTimersByTimeAsync(17);
  pace.ask();
  await vi.advanceTimersByTimeAsync(100);
  expect(draw).toHaveBeenCalledTimes(1);
  pace.drawn();
  await vi.advanceTimersByTimeAsync(300);
  expect(draw).toHaveBeenCalledTimes(2);
});

test("a hidden tab, which gets no frames, is kept up to date all the same", async () => {
  vi.stubGlobal("requestAnimationFrame", () => 1);
  const { draw, pace } = drawing(0);
  pace.ask();
  await vi.advanceTimersByTimeAsync(500);
  expect(draw).toHaveBeenCalledTimes(1);
  vi.unstubAllGlobals();
});

test("nothing is drawn after leaving", async () => {
  const { draw, pace } = drawing(0);
  pace.ask();
  pace.cancel();
  await vi.advanceTimersByTimeAsync(1000);
  expect(draw).not.toHaveBeenCalled();
});
