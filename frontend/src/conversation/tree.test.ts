import { expect, test } from "vitest";
import type { Message } from "../api/types";
import { branchTo, newestLeaf, siblingTable } from "./tree";

function message(id: string, parent: string | null, role: Message["role"]): Message {
  return {
    id,
    parent,
    role,
    parts: [],
    status: "completed",
    bot: null,
    model: null,
    generation: null,
    created_at: "2026-11-20T00:00:00Z",
  };
}

// A question with two answers; the first answer was followed by a question that was edited once.
const messages = [
  message("q1", null, "user"),
  message("a1", "q1", "assistant"),
  message("q2", "a1", "user"),
  message("a2", "q2", "assistant"),
  message("q2b", "a1", "user"),
  message("a2b", "q2b", "assistant"),
  message("a1b", "q1", "assistant"),
];
const ids = (branch: Message[]) => branch.map(({ id }) => id);

test("the branch runs from the root to the leaf", () => {
  expect(ids(branchTo(messages, "a2"))).toEqual(["q1", "a1", "q2", "a2"]);
});

test("without a known leaf the newest message's branch is shown", () => {
  expect(ids(branchTo(messages, null))).toEqual(["q1", "a1b"]);
  expect(ids(branchTo(messages, "gone"))).toEqual(["q1", "a1b"]);
  expect(branchTo([], null)).toEqual([]);
});

test("siblings are the versions of one message, oldest first", () => {
  const [, , q2] = branchTo(messages, "a2");
  expect(q2 && ids(siblingTable(messages).get(q2.id) ?? [])).toEqual(["q2", "q2b"]);
});

test("choosing an older version shows its newest branch", () => {
  expect(newestLeaf(messages, "a1")).toBe("a2b");
  expect(newestLeaf(messages, "q2")).toBe("a2");
});

test("a broken tree with a loop does not hang", () => {
  const loop = [message("x", "y", "user"), message("y", "x", "assistant")];
  expect(ids(branchTo(loop, "x"))).toHaveLength(2);
  expect(newestLeaf(loop, "x")).toBe("y");
});
