import { expect, test } from "vitest";
import type { Posted } from "../api/types";
import { FakeClock } from "./fake_network";
import type { PostFrame } from "./frames";
import { Outbox, type Refusal } from "./outbox";
import { IndexedOutboxStore, type OutboxItem, type OutboxStore } from "./outbox_store";

let databases = 0;
const newStore = () => new IndexedOutboxStore(`test-${++databases}`);

function item(key: string, over: Partial<OutboxItem> = {}): OutboxItem {
  return {
    key,
    user: "ann",
    conversation: "c1",
    bot: null,
    parent: null,
    parts: [{ type: "text", text: `text of ${key}` }],
    madeAt: 1_000,
    isHeld: false,
    accepted: null,
    ...over,
  };
}

const posted: Posted = { conversation: "c9", message: "m1", answer: "a1", generation: "g1" };

async function opened(store: OutboxStore = newStore()) {
  const clock = new FakeClock();
  const network = { isUp: true };
  const sent: PostFrame[] = [];
  const accepted: string[] = [];
  const refused: [string, Refusal][] = [];
  const send = (frame: PostFrame) => {
    if (network.isUp) sent.push(frame);
    return network.isUp;
  };
  const outbox = new Outbox(store, send, clock, {
    accepted: ({ key }) => accepted.push(key),
    refused: ({ key }, refusal) => refused.push([key, refusal]),
  });
  await outbox.load("ann");
  return { store, clock, network, outbox, sent, accepted, refused };
}

test("a post is stored before it is sent", async () => {
  const { store, outbox, sent } = await opened();
  const put = store.put.bind(store);
  store.put = async (given) => {
    expect(sent).toEqual([]);
    await put(given);
  };
  await outbox.add(item("k1"));
  expect(sent).toMatchObject([{ type: "message.post", key: "k1", conversation: "c1" }]);
});

test("a post is shown at once, and a connection that opens before it is stored does not send it twice", async () => {
  const { outbox, sent } = await opened();
  const adding = outbox.add(item("k1"));
  expect(outbox.items).toHaveLength(1);
  outbox.connected();
  await adding;
  expect(sent).toHaveLength(1);
});

test("what was not acknowledged survives a crash and is sent again with the same key", async () => {
  const first = await opened();
  first.network.isUp = false;
  await first.outbox.add(item("k1"));
  const second = await opened(first.store);
  expect(second.sent).toEqual([]);
  second.outbox.connected();
  expect(second.sent.map(({ key }) => key)).toEqual(["k1"]);
});

test("an acknowledged post is never sent again, and its key still leads to its conversation", async () => {
  const { store, outbox, sent, accepted, clock } = await opened();
  await outbox.add(item("k1", { conversation: null }));
  await outbox.acknowledged("k1", posted);
  outbox.connected();
  clock.pass(600_000);
  expect(sent).toHaveLength(1);
  expect(accepted).toEqual(["k1"]);
  const later = await opened(store);
  later.outbox.connected();
  expect(later.sent).toEqual([]);
  expect(later.outbox.items).toMatchObject([{ key: "k1", accepted: { conversation: "c9" } }]);
});

test("an accepted post is forgotten after a day", async () => {
  const { store, outbox, clock } = await opened();
  await outbox.add(item("k1", { madeAt: clock.now() }));
  await outbox.acknowledged("k1", posted);
  clock.pass(25 * 60 * 60 * 1000);
  await outbox.reload();
  expect(outbox.items).toEqual([]);
  expect(await store.all()).toEqual([]);
});

test("silence is answered with the same key, at intervals", async () => {
  const { outbox, sent, clock } = await opened();
  await outbox.add(item("k1"));
  expect(outbox.sendings("k1")).toBe("once");
  clock.pass(60_000);
  expect(sent.length).toBeGreaterThanOrEqual(3);
  expect(new Set(sent.map(({ key }) => key))).toEqual(new Set(["k1"]));
  expect(outbox.sendings("k1")).toBe("perhaps_more");
});

test("a busy server is asked again after the time it named, not before", async () => {
  const { outbox, sent, clock } = await opened();
  await outbox.add(item("k1"));
  await outbox.failed("k1", { type: "error", ref: "k1", code: "busy", message: "Busy.", retry_after: 4 });
  clock.pass(3_999);
  expect(sent).toHaveLength(1);
  clock.pass(2_001);
  expect(sent).toHaveLength(2);
});

test("a refused post goes back to its writer, with those that waited for its conversation", async () => {
  const { store, outbox, refused } = await opened();
  await outbox.add(item("k1", { conversation: null }));
  await outbox.add(item("k2", { conversation: "k1", isHeld: true }));
  await outbox.failed("k1", { type: "error", ref: "k1", code: "too_large", message: "Too large." });
  expect(refused.map(([key, { code }]) => [key, code])).toEqual([
    ["k1", "too_large"],
    ["k2", "too_large"],
  ]);
  expect(await store.all()).toEqual([]);
});

test("a held post waits, follows its conversation's real name, and goes once released", async () => {
  const { outbox, sent } = await opened();
  await outbox.add(item("k1", { conversation: null }));
  await outbox.add(item("k2", { conversation: "k1", isHeld: true }));
  outbox.connected();
  await outbox.acknowledged("k1", posted);
  expect(sent.every(({ key }) => key === "k1")).toBe(true);
  await outbox.release("k2", "a1");
  expect(sent.at(-1)).toMatchObject({ key: "k2", conversation: "c9", parent: "a1" });
});

test("two tabs with one store may both send; the key stays the same and one ack ends it for both", async () => {
  const store = newStore();
  const one = await opened(store);
  const two = await opened(store);
  await one.outbox.add(item("k1"));
  await two.outbox.reload();
  two.outbox.connected();
  expect([...one.sent, ...two.sent].map(({ key }) => key)).toEqual(["k1", "k1"]);
  await one.outbox.acknowledged("k1", posted);
  await two.outbox.reload();
  two.outbox.connected();
  expect(two.sent).toHaveLength(1);
});

test("two tabs that release a held post at once do not both choose what it is said to", async () => {
  const store = newStore();
  const one = await opened(store);
  await one.outbox.add(item("k1", { isHeld: true }));
  const two = await opened(store);
  await Promise.all([one.outbox.release("k1", "a1"), two.outbox.release("k1", "a2")]);
  expect([...one.sent, ...two.sent]).toHaveLength(1);
});

test("another person on the same browser sends nothing of mine", async () => {
  const first = await opened();
  first.network.isUp = false;
  await first.outbox.add(item("k1"));
  const second = await opened(first.store);
  await second.outbox.load("bob");
  second.outbox.connected();
  expect(second.sent).toEqual([]);
  expect(second.outbox.items).toEqual([]);
});
