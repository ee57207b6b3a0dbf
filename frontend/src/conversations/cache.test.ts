import { QueryClient } from "@tanstack/react-query";
import { beforeEach, expect, test } from "vitest";
import type { Conversation, Message } from "../api/types";
import { type AnswerState, emptyAnswer } from "../conversation/answer";
import type { Fact } from "../realtime/frames";
import { applyFact, showAnswerTo, showDeletion, showEnding, showPosted } from "./cache";
import { conversationKey, conversationsQuery } from "./queries";

let queries: QueryClient;
beforeEach(() => {
  queries = new QueryClient();
});

const posted = { conversation: "c1", message: "m2", answer: "a2", generation: "g2" };
const said = {
  parts: [{ type: "text" as const, text: "Hi" }],
  parent: "leaf" as const,
  bot: null,
  newTitle: null,
};

function message(id: string, parent: string | null, over: Partial<Message> = {}): Message {
  const nothing = { parts: [], bot: null, model: null, generation: null, created_at: "" };
  return { id, parent, role: "user", status: "completed", ...nothing, ...over };
}

function know(messages: Message[], leaf: string): void {
  const kept = { folder: null, pinned: false, archived: false, temporary: false, tags: [] };
  const summary = { ...kept, id: "c1", title: "One", bot: null, version: 3, created_at: "", updated_at: "" };
  queries.setQueryData<Conversation>(conversationKey("c1"), { ...summary, leaf, messages });
}

function knowList(...ids: string[]): void {
  const items = ids.map((id) => ({
    id,
    title: id,
    bot: null,
    version: 1,
    folder: null,
    pinned: false,
    archived: false,
    temporary: false,
    tags: [],
    created_at: "",
    updated_at: "2020",
  }));
  const half = Math.ceil(items.length / 2);
  queries.setQueryData(conversationsQuery.queryKey, {
    pages: [
      { items: items.slice(0, half), next: "more" },
      { items: items.slice(half), next: null },
    ],
    pageParams: [null, "more"],
  });
}

const known = () => queries.getQueryData<Conversation>(conversationKey("c1"));
const list = () =>
  queries.getQueryData(conversationsQuery.queryKey)?.pages.flatMap((page) => page.items.map(({ id }) => id));
const isStale = () => queries.getQueryState(conversationKey("c1"))?.isInvalidated;
const fact = (name: string, more: Partial<Fact> = {}): Fact => ({
  type: "fact",
  name,
  conversation: "c1",
  ...more,
});
const ended: AnswerState = {
  ...emptyAnswer,
  status: "completed",
  parts: [{ type: "text", text: "Yes" }],
  seq: 9,
};

test("a first post makes a conversation that can be shown before anything is asked", () => {
  showPosted(queries, posted, { ...said, newTitle: "Hi" });
  expect(known()).toMatchObject({ id: "c1", title: "Hi", leaf: "a2" });
  expect(known()?.messages.map(({ id, parent, status }) => [id, parent, status])).toEqual([
    ["m2", null, "completed"],
    ["a2", "m2", "writing"],
  ]);
});

test("a post to a conversation that is not loaded invents nothing", () => {
  showPosted(queries, posted, said);
  expect(known()).toBeUndefined();
});

test("a post without a parent was said to the shown leaf; told twice, it stands once", () => {
  know([message("m1", null), message("a1", "m1", { role: "assistant" })], "a1");
  showPosted(queries, posted, said);
  showPosted(queries, posted, said);
  expect(known()?.messages.map(({ id, parent }) => [id, parent])).toEqual([
    ["m1", null],
    ["a1", "m1"],
    ["m2", "a1"],
    ["a2", "m2"],
  ]);
});

test("the edit of a first message is a root of its own", () => {
  know([message("m1", null), message("a1", "m1", { role: "assistant" })], "a1");
  showPosted(queries, posted, { ...said, parent: null });
  expect(known()?.messages.find(({ id }) => id === "m2")?.parent).toBeNull();
});

test("a regeneration stands beside the old answer, and is shown", () => {
  know([message("m2", null), message("a1", "m2", { role: "assistant" })], "a1");
  showAnswerTo(queries, posted, null);
  expect(known()).toMatchObject({ leaf: "a2" });
  expect(known()?.messages.at(-1)).toMatchObject({ id: "a2", parent: "m2", status: "writing" });
});

test("an ending puts what was folded into the message, once and for ever", () => {
  showPosted(queries, posted, { ...said, newTitle: "Hi" });
  expect(showEnding(queries, "g2", ended)).toBe(true);
  expect(known()?.messages[1]).toMatchObject({ status: "completed", parts: [{ text: "Yes" }] });
  showEnding(queries, "g2", { ...ended, status: "failed", parts: [] });
  expect(known()?.messages[1]).toMatchObject({ status: "completed" });
  expect(showEnding(queries, "unknown", ended)).toBe(false);
});

test("a message from another device makes the open conversation ask again; our own does not", () => {
  know([message("m1", null)], "m1");
  knowList("c1");
  applyFact(queries, fact("message.added", { message: "m1", answer: "m1" }));
  expect(isStale()).toBe(false);
  applyFact(queries, fact("message.added", { message: "m2", answer: "a2" }));
  expect(isStale()).toBe(true);
});

test("an ending elsewhere makes a conversation that nobody looks at ask again when it is opened", () => {
  showPosted(queries, posted, { ...said, newTitle: "Hi" });
  applyFact(queries, fact("message.ended", { answer: "a2", generation: "g2", status: "completed" }));
  expect(isStale()).toBe(true);
});

test("the newest conversation comes first, from whichever page", () => {
  knowList("c3", "c2", "c1");
  applyFact(queries, fact("message.added", { answer: "a2" }));
  expect(list()).toEqual(["c1", "c3", "c2"]);
});

test("a new conversation from another device appears once", () => {
  knowList("c3", "c2");
  applyFact(queries, fact("conversation.created", { title: "New" }));
  applyFact(queries, fact("conversation.created", { title: "New" }));
  expect(list()).toEqual(["c1", "c3", "c2"]);
});

test("a new name is shown in the list and in the open conversation, with its version", () => {
  know([], "");
  knowList("c1");
  applyFact(queries, fact("conversation.renamed", { title: "Two", version: 4 }));
  expect(known()).toMatchObject({ title: "Two", version: 4 });
  expect(queries.getQueryData(conversationsQuery.queryKey)?.pages[0]?.items[0]).toMatchObject({
    title: "Two",
    version: 4,
  });
});

test("a name that comes late, from another server, takes the place of no newer one", () => {
  know([], "");
  knowList("c1");
  applyFact(queries, fact("conversation.renamed", { title: "Newer", version: 5 }));
  applyFact(queries, fact("conversation.renamed", { title: "Older", version: 4 }));
  expect(known()).toMatchObject({ title: "Newer", version: 5 });
  expect(queries.getQueryData(conversationsQuery.queryKey)?.pages[0]?.items[0]).toMatchObject({
    title: "Newer",
    version: 5,
  });
});

test("a deleted conversation is gone from everywhere", () => {
  know([], "");
  knowList("c1", "c2");
  showDeletion(queries, "c1");
  expect(known()).toBeUndefined();
  expect(list()).toEqual(["c2"]);
});

test("another branch chosen elsewhere is shown here", () => {
  know([message("m1", null), message("m2", null)], "m1");
  applyFact(queries, fact("conversation.leaf_chosen", { leaf: "m2" }));
  expect(known()?.leaf).toBe("m2");
});
