import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Removals } from "./removals";

beforeEach(() => {
  vi.useFakeTimers();
  window.localStorage.clear();
});
afterEach(() => void vi.useRealTimers());

function started(deleteNow = vi.fn(async (_id: string) => undefined)) {
  let takeBack = () => undefined as undefined;
  const failed = vi.fn();
  const removals = new Removals({
    deleteNow,
    failed,
    hidden: (_ids, undo) => {
      takeBack = undo as () => undefined;
    },
  });
  return { removals, deleteNow, failed, takeBack: () => takeBack() };
}

test("what is removed is hidden at once, and deleted when nobody has taken it back", async () => {
  const { removals, deleteNow } = started();
  removals.remove(["a", "b"]);
  expect([...removals.hidden.get()]).toEqual(["a", "b"]);
  expect(deleteNow).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(8000);
  expect(deleteNow.mock.calls).toEqual([["a"], ["b"]]);
});

test("what is taken back is shown again and never deleted", async () => {
  const { removals, deleteNow, takeBack } = started();
  removals.remove(["a"]);
  takeBack();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(removals.hidden.get().size).toBe(0);
  expect(deleteNow).not.toHaveBeenCalled();
});

test("a page that is closed deletes at once", () => {
  const { removals, deleteNow } = started();
  removals.remove(["a"]);
  window.dispatchEvent(new Event("pagehide"));
  expect(deleteNow.mock.calls).toEqual([["a"]]);
});

test("what could not be deleted is shown again, with the reason", async () => {
  const { removals, failed } = started(vi.fn(async () => Promise.reject(new Error("offline"))));
  removals.remove(["a"]);
  await vi.advanceTimersByTimeAsync(8000);
  expect(removals.hidden.get().size).toBe(0);
  expect(failed).toHaveBeenCalledOnce();
});

test("what a closed page did not get done is done by the next one", async () => {
  const first = started();
  first.removals.remove(["a", "b"]);
  const next = started();
  await next.removals.finish();
  expect(next.deleteNow.mock.calls.map(([id]) => id)).toEqual(["a", "b"]);
  const later = started();
  await later.removals.finish();
  expect(later.deleteNow).not.toHaveBeenCalled();
});
