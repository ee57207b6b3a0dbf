import { beforeEach, expect, test, vi } from "vitest";
import { Drafts } from "./drafts";

beforeEach(() => window.localStorage.clear());

test("what was typed is there after a reload, for the same person and conversation only", () => {
  vi.useFakeTimers();
  new Drafts().write("ann", "c1", "half a thought");
  vi.runAllTimers();
  vi.useRealTimers();
  const later = new Drafts();
  expect(later.of("ann", "c1").get().text).toBe("half a thought");
  expect(later.of("ann", "c2").get().text).toBe("");
  expect(later.of("ann", null).get().text).toBe("");
  expect(later.of("bob", "c1").get().text).toBe("");
});

test("leaving the page writes at once", () => {
  new Drafts().write("ann", null, "quick");
  window.dispatchEvent(new Event("pagehide"));
  expect(new Drafts().of("ann", null).get().text).toBe("quick");
});

test("a refused post comes back above what was typed since, with the reason until the next letter", () => {
  const drafts = new Drafts();
  drafts.write("ann", "c1", "typed since");
  drafts.giveBack("ann", "c1", "refused", "Too large.");
  expect(drafts.of("ann", "c1").get()).toEqual({ text: "refused\n\ntyped since", problem: "Too large." });
  drafts.write("ann", "c1", "changed");
  expect(drafts.of("ann", "c1").get().problem).toBeNull();
});

test("a draft goes along when its conversation gets its name", () => {
  const drafts = new Drafts();
  drafts.write("ann", "key", "next question");
  drafts.move("ann", "key", "c1");
  expect(drafts.of("ann", "c1").get().text).toBe("next question");
  expect(drafts.of("ann", "key").get().text).toBe("");
});

test("a browser without storage still has drafts", () => {
  vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  const drafts = new Drafts();
  drafts.write("ann", "c1", "kept in memory");
  window.dispatchEvent(new Event("pagehide"));
  expect(drafts.of("ann", "c1").get().text).toBe("kept in memory");
});
