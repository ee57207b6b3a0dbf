import { expect, test } from "vitest";
import { textOf } from "../conversation/answer";
import { FakeClock, FakeNetwork } from "./fake_network";
import { Live } from "./live";
import { MemoryOutboxStore, type OutboxItem } from "./outbox_store";

async function signedIn() {
  const clock = new FakeClock();
  const network = new FakeNetwork();
  const told: string[] = [];
  const live = new Live(network.connect, new MemoryOutboxStore(), clock, {
    fact: (fact) => told.push(fact.name),
    accepted: (item) => told.push(`accepted ${item.key}`),
    refused: (item, { code }) => told.push(`refused ${item.key}: ${code}`),
    started: (id) => told.push(`started ${id}`),
    ended: (id, { status }) => told.push(`${status} ${id}`),
    vanished: (id) => told.push(`vanished ${id}`),
    reconnected: () => told.push("reconnected"),
    signedOut: () => told.push("signed out"),
  });
  await live.signedIn("ann");
  return { clock, network, told, live };
}

const post: OutboxItem = {
  key: "k1",
  user: "ann",
  conversation: "c1",
  bot: null,
  parent: null,
  parts: [{ type: "text", text: "Hello" }],
  madeAt: 0,
  isHeld: false,
  accepted: null,
};
const ack = {
  type: "ack",
  ref: "k1",
  key: "k1",
  conversation: "c1",
  message: "m",
  answer: "a",
  generation: "g",
};
const event = (seq: number, given: object) => ({ type: "event", generation: "g", seq, at: 0, event: given });
const text = (live: Live) => textOf(live.following.state("g")?.parts ?? []);
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

test("a post, its ack and its events need one frame from us", async () => {
  const { network, live, told } = await signedIn();
  const connection = network.open();
  await live.outbox.add(post);
  connection.say(ack);
  connection.say(event(1, { type: "delta", text: "Hi" }));
  connection.say(event(2, { type: "finished", reason: "stop" }));
  await settled();
  expect(connection.sent.map(({ type }) => type)).toEqual(["message.post"]);
  expect(text(live)).toBe("Hi");
  expect(told).toEqual(["started g", "completed g", "accepted k1"]);
});

test("when the ack is lost, the post goes again and its answer is followed by number", async () => {
  const { clock, network, live } = await signedIn();
  network.open();
  await live.outbox.add(post);
  network.newest.break(1006);
  clock.pass(30_000);
  const second = network.open();
  expect(second.sentOf("message.post")).toMatchObject([{ key: "k1" }]);
  second.say(ack);
  expect(second.sentOf("generation.follow")).toMatchObject([{ generation: "g", after: 0 }]);
});

test("a connection lost in mid-answer is taken up after the last number", async () => {
  const { clock, network, live, told } = await signedIn();
  const first = network.open();
  await live.outbox.add(post);
  first.say(ack);
  first.say(event(1, { type: "delta", text: "one " }));
  await settled();
  first.break(1012);
  clock.pass(30_000);
  const second = network.open();
  expect(second.sent).toMatchObject([{ type: "generation.follow", generation: "g", after: 1 }]);
  second.say(event(1, { type: "delta", text: "one " }));
  second.say(event(2, { type: "delta", text: "two" }));
  expect(text(live)).toBe("one two");
  expect(told).toContain("reconnected");
});

test("a generation that is gone is given up, and said so", async () => {
  const { network, live, told } = await signedIn();
  const connection = network.open();
  live.following.follow("g");
  connection.say({ type: "error", ref: "follow:g", code: "not_found", message: "Not found." });
  expect(told).toEqual(["vanished g"]);
  expect(live.following.state("g")).toBeUndefined();
});

test("a busy server is asked to follow again later", async () => {
  const { clock, network, live } = await signedIn();
  const connection = network.open();
  live.following.follow("g");
  connection.say({ type: "error", ref: "follow:g", code: "busy", message: "Busy.", retry_after: 3 });
  clock.pass(3_000);
  expect(connection.sentOf("generation.follow")).toHaveLength(2);
});

test("when the server may have lost facts, what is shown is looked at again, and the answer goes on", async () => {
  const { clock, network, live, told } = await signedIn();
  const connection = network.open();
  live.following.follow("g");
  connection.say(event(1, { type: "delta", text: "one " }));
  connection.say({ type: "fact", name: "facts.missed" });
  expect(told).not.toContain("reconnected");
  clock.pass(5_000);
  connection.say(event(2, { type: "delta", text: "two" }));
  expect(told).toContain("reconnected");
  expect(told).not.toContain("facts.missed");
  expect(text(live)).toBe("one two");
});

test("garbage and unknown frames are passed over", async () => {
  const { network, told } = await signedIn();
  const connection = network.open();
  connection.saySomething("{");
  connection.saySomething("null");
  connection.saySomething(new ArrayBuffer(1));
  connection.say({ type: "news", name: "x" });
  expect(told).toEqual([]);
});

test("when the session ends the app is told, and nothing reconnects", async () => {
  const { clock, network, told } = await signedIn();
  network.open().break(4401);
  clock.pass(120_000);
  expect(told).toEqual(["signed out"]);
  expect(network.connections).toHaveLength(1);
});
