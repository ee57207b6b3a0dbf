import { expect, test } from "vitest";
import type { Conversation, Message } from "../api/types";
import type { OutboxItem } from "../realtime/outbox_store";
import { isBusy, turnIn, unseenOf } from "./queue";

const NOTHING_GONE: ReadonlySet<string> = new Set();

function conversation(...messages: Partial<Message>[]): Conversation {
  const all = messages.map((message, place) => ({
    id: `m${place}`,
    parent: place ? `m${place - 1}` : null,
    role: place % 2 ? "assistant" : "user",
    status: "completed",
    ...message,
  }));
  return { id: "c1", leaf: all.at(-1)?.id ?? null, messages: all } as Conversation;
}

const held = (key: string, more: Partial<OutboxItem> = {}): OutboxItem => ({
  key,
  user: "ann",
  conversation: "c1",
  bot: null,
  parent: null,
  parts: [],
  madeAt: 0,
  isHeld: true,
  accepted: null,
  ...more,
});

const taken = (key: string, answer: string) =>
  held(key, {
    isHeld: false,
    accepted: { conversation: "c1", message: `q-${answer}`, answer, generation: `g-${answer}` },
  });

test("what was said first goes first, to the end of the shown branch", () => {
  const known = conversation({}, {});
  expect(turnIn([held("k1"), held("k2")], known, NOTHING_GONE)).toMatchObject({
    item: { key: "k1" },
    parent: "m1",
    needsConsent: false,
  });
});

test("nothing goes while an answer is being written, or a post is on its way", () => {
  expect(turnIn([held("k1")], conversation({}, { status: "writing" }), NOTHING_GONE)).toBeNull();
  const onItsWay = [held("k1", { isHeld: false }), held("k2")];
  expect(turnIn(onItsWay, conversation({}, {}), NOTHING_GONE)).toBeNull();
});

test("what another tab has just said is waited for, though it is not shown here yet", () => {
  const posts = [taken("k1", "a9"), held("k2")];
  expect(unseenOf(posts, conversation({}, {}))).toEqual(["k1"]);
  expect(turnIn(posts, conversation({}, {}), NOTHING_GONE)).toBeNull();
  const shown = conversation({}, {}, {}, { id: "a9", status: "writing" });
  expect(turnIn(posts, shown, NOTHING_GONE)).toBeNull();
  const ended = conversation({}, {}, {}, { id: "a9" });
  expect(turnIn(posts, ended, NOTHING_GONE)).toMatchObject({ item: { key: "k2" }, parent: "a9" });
});

test("an answer that was cleared away holds nothing back", () => {
  const posts = [taken("k1", "a9"), held("k2")];
  expect(isBusy(posts, conversation(), NOTHING_GONE)).toBe(true);
  expect(isBusy(posts, conversation(), new Set(["k1"]))).toBe(false);
  expect(turnIn(posts, conversation(), new Set(["k1"]))).toMatchObject({ item: { key: "k2" }, parent: null });
});

test("after a failure it goes only with the person's consent; after a stop by itself", () => {
  expect(turnIn([held("k1")], conversation({}, { status: "failed" }), NOTHING_GONE)?.needsConsent).toBe(true);
  expect(turnIn([held("k1")], conversation({}, { status: "stopped" }), NOTHING_GONE)?.needsConsent).toBe(
    false,
  );
});

test("what waits in another conversation is not this one's turn", () => {
  const elsewhere = held("k1", { conversation: "c2" });
  expect(turnIn([elsewhere], conversation({}, {}), NOTHING_GONE)).toBeNull();
  expect(isBusy([{ ...elsewhere, isHeld: false }], conversation({}, {}), NOTHING_GONE)).toBe(false);
});
