import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import { go, useRoute } from "../routing/router";
import { newTestParley, TestApp } from "../testing/TestApp";
import ConversationRoom from "./ConversationRoom";

const drawn = vi.hoisted(() => ({ questions: 0, lists: 0 }));

// Count how often what stands beside and above an answer is drawn.
vi.mock("./Bubble", async (original) => {
  const { Bubble } = await original<typeof import("./Bubble")>();
  return {
    Bubble: (props: Parameters<typeof Bubble>[0]) => {
      drawn.questions += 1;
      return <Bubble {...props} />;
    },
  };
});
vi.mock("./MessageList", async (original) => {
  const { MessageList } = await original<typeof import("./MessageList")>();
  return {
    MessageList: (props: Parameters<typeof MessageList>[0]) => {
      drawn.lists += 1;
      return <MessageList {...props} />;
    },
  };
});

const bot = {
  id: "b1",
  name: "Small",
  avatar: "",
  greeting: "Hello there",
  starters: ["Tell me more"],
  model: { id: "m1", name: "small", label: "" },
  version: 1,
  is_default: true,
  may_edit: true,
};
const model = { id: "m1", name: "small", bot: "b1", is_guide: false, enabled: true };

beforeEach(() => {
  window.localStorage.clear();
  go({ room: "new" });
  drawn.questions = drawn.lists = 0;
  vi.spyOn(globalThis, "fetch").mockImplementation(async (address) => {
    if (String(address).endsWith("draft")) return Response.json({ text: "", version: 0 });
    const items = String(address).includes("bots")
      ? [bot]
      : String(address).includes("models")
        ? [model]
        : [];
    return Response.json({ items, next: null });
  });
});

function Routed() {
  const route = useRoute();
  return <ConversationRoom id={route.room === "conversation" ? route.conversation : null} />;
}

async function opened() {
  const { parley, network } = newTestParley();
  await parley.live.signedIn("ann");
  const connection = network.open();
  render(<Routed />, { wrapper: ({ children }) => <TestApp parley={parley}>{children}</TestApp> });
  await screen.findByText("Hello there");
  return { parley, connection };
}

const field = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Message" });
const answers = () => screen.queryAllByRole("article", { name: "Answer" });

function type(text: string): void {
  fireEvent.change(field(), { target: { value: text } });
}

/** From now on the server says this of what ends with `path`. */
function serve(path: string, body: object): void {
  const others = vi.mocked(globalThis.fetch).getMockImplementation();
  vi.spyOn(globalThis, "fetch").mockImplementation(async (address, init) =>
    String(address).endsWith(path) ? Response.json(body) : (others?.(address, init) ?? Response.error()),
  );
}

type Opened = Awaited<ReturnType<typeof opened>>;

/** Says something, and has the server accept it. */
async function said(connection: Opened["connection"], text: string, number = 1): Promise<void> {
  const before = connection.sentOf("message.post").length;
  type(text);
  fireEvent.keyDown(field(), { key: "Enter" });
  await waitFor(() => expect(connection.sentOf("message.post")).toHaveLength(before + 1));
  accept(connection, number);
  await waitFor(() => expect(answers()).toHaveLength(number));
}

function accept(connection: Opened["connection"], number: number): void {
  const key = connection.sentOf("message.post").at(-1)?.key;
  const ids = { conversation: "c1", message: `q${number}`, answer: `a${number}`, generation: `g${number}` };
  act(() => connection.say({ type: "ack", ref: key, key, ...ids }));
}

function hear(connection: Opened["connection"], seq: number, event: object, generation = "g1"): void {
  act(() => connection.say({ type: "event", generation, seq, at: 0, event }));
}

test("Enter sends, and the question is shown before the server has answered", async () => {
  const { connection } = await opened();
  type("What is new?");
  fireEvent.keyDown(field(), { key: "Enter" });
  expect(await screen.findByText("What is new?")).toBeTruthy();
  expect(field().value).toBe("");
  await waitFor(() => expect(connection.sentOf("message.post")).toHaveLength(1));
  expect(connection.sentOf("message.post")[0]).toMatchObject({
    bot: "b1",
    parts: [{ text: "What is new?" }],
  });
  accept(connection, 1);
  await waitFor(() => expect(window.location.pathname).toBe("/c/c1"));
});

test("Shift and Enter, and an Enter that belongs to an input method, send nothing", async () => {
  const { connection } = await opened();
  type("すし");
  fireEvent.keyDown(field(), { key: "Enter", shiftKey: true });
  fireEvent.keyDown(field(), { key: "Enter", isComposing: true });
  fireEvent.keyDown(field(), { key: "Enter", keyCode: 229 });
  await act(() => Promise.resolve());
  expect(connection.sent).toEqual([]);
  expect(field().value).toBe("すし");
});

const prompt = {
  id: "p1",
  name: "list",
  text: "Make a list of this:",
  shared: false,
  author: "",
  version: 1,
};

/** As `serve`, from when the returned function is called. */
function serveLate(path: string, body: object): () => void {
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const others = vi.mocked(globalThis.fetch).getMockImplementation();
  vi.spyOn(globalThis, "fetch").mockImplementation(async (address, init) => {
    if (!String(address).endsWith(path)) return others?.(address, init) ?? Response.error();
    await arrived;
    return Response.json(body);
  });
  return arrive;
}

const library = { items: [prompt], next: null };

test("a message that calls a prompt waits for the library, and goes out once, with the prompt's words", async () => {
  const { connection } = await opened();
  const arrive = serveLate("/prompts", library);
  type("/list eggs and milk");
  fireEvent.keyDown(field(), { key: "Enter" });
  fireEvent.keyDown(field(), { key: "Enter" });
  await act(() => Promise.resolve());
  expect(connection.sentOf("message.post")).toEqual([]);
  expect(field().value).toBe("/list eggs and milk");
  arrive();
  await waitFor(() => expect(connection.sentOf("message.post")).toHaveLength(1));
  expect(connection.sentOf("message.post")[0]).toMatchObject({
    parts: [{ text: "Make a list of this:\n\neggs and milk" }],
  });
  expect(field().value).toBe("");
});

test("a prompt's name alone is put in its place, to be gone on with", async () => {
  const { connection } = await opened();
  const arrive = serveLate("/prompts", library);
  type("/list");
  fireEvent.keyDown(field(), { key: "Enter" });
  arrive();
  await waitFor(() => expect(field().value).toBe("Make a list of this:"));
  expect(connection.sent).toEqual([]);
});

test("what calls no prompt goes as it stands; where nothing is known of any, the message stays", async () => {
  const { parley, connection } = await opened();
  vi.mocked(globalThis.fetch).mockRejectedValueOnce(new TypeError("no network"));
  type("/shrug why not");
  fireEvent.keyDown(field(), { key: "Enter" });
  await waitFor(() => expect(parley.toast.get()).not.toBeNull());
  expect(field().value).toBe("/shrug why not");
  fireEvent.keyDown(field(), { key: "Enter" });
  await waitFor(() => expect(connection.sentOf("message.post")).toHaveLength(1));
  expect(connection.sentOf("message.post")[0]).toMatchObject({ parts: [{ text: "/shrug why not" }] });
});

test("while a conversation is on its way no other bot stands for its own", async () => {
  const other = { ...bot, id: "b2", name: "Other" };
  const ours = { id: "c9", title: "", bot: "b2", version: 1, leaf: null, messages: [] };
  serve("/bots", { items: [bot, other], next: null });
  const arrive = serveLate("/conversations/c9", ours);
  await opened();
  act(() => go({ room: "conversation", conversation: "c9" }));
  const picker = () => screen.getByRole("button", { name: /^Bot or model/ }).textContent;
  expect(picker()).toBe("…");
  arrive();
  await waitFor(() => expect(picker()).toBe("Other"));
});

test("a starter is a question", async () => {
  const { connection } = await opened();
  fireEvent.click(screen.getByRole("button", { name: "Tell me more" }));
  await waitFor(() =>
    expect(connection.sentOf("message.post")).toMatchObject([{ parts: [{ text: "Tell me more" }] }]),
  );
});

test("tokens draw the answer, and nothing above or beside it", async () => {
  const { connection } = await opened();
  await said(connection, "Count");
  hear(connection, 1, { type: "delta", text: "0 " });
  await screen.findByText("0");
  // What stands below the question is drawn after its words.
  await screen.findByRole("button", { name: "Copy" });
  const before = { ...drawn };
  expect(before.lists * before.questions).toBeGreaterThan(0);
  for (let seq = 2; seq <= 50; seq += 1) hear(connection, seq, { type: "delta", text: `${seq} ` });
  await screen.findByText(/49 50/);
  expect(drawn).toEqual(before);
});

test("a second question waits until the first answer has ended, and says so", async () => {
  const { connection } = await opened();
  await said(connection, "First");
  hear(connection, 1, { type: "delta", text: "Well" });
  type("Second");
  fireEvent.keyDown(field(), { key: "Enter" });
  expect(await screen.findByText("Waits until the answer is finished.")).toBeTruthy();
  expect(connection.sentOf("message.post")).toHaveLength(1);
  hear(connection, 2, { type: "finished", reason: "stop" });
  await waitFor(() => expect(connection.sentOf("message.post")).toHaveLength(2));
  expect(connection.sentOf("message.post")[1]).toMatchObject({ conversation: "c1", parent: "a1" });
});

test("after a failure a waiting question asks before it goes, and can be taken back", async () => {
  const { connection } = await opened();
  await said(connection, "First");
  type("Second");
  fireEvent.keyDown(field(), { key: "Enter" });
  await screen.findByText("Second");
  hear(connection, 1, { type: "failed", code: "x", message: "The key is wrong.", retryable: false });
  expect(await screen.findByText("The key is wrong.")).toBeTruthy();
  expect(await screen.findByRole("button", { name: "Send now" })).toBeTruthy();
  expect(connection.sentOf("message.post")).toHaveLength(1);
  fireEvent.click(screen.getByRole("button", { name: "Take back" }));
  await waitFor(() => expect(field().value).toBe("Second"));
});

test("a cleared conversation goes on from nothing, and nothing holds it back", async () => {
  const { parley, connection } = await opened();
  await said(connection, "First");
  hear(connection, 1, { type: "finished", reason: "stop" });
  const cleared = { id: "c1", title: "First", bot: "b1", version: 2, leaf: null, messages: [] };
  serve("/conversations/c1", cleared);
  act(() => connection.say({ type: "fact", name: "conversation.cleared", conversation: "c1" }));
  await waitFor(() => expect(answers()).toHaveLength(0));
  type("Anew");
  fireEvent.keyDown(field(), { key: "Enter" });
  await waitFor(() => expect(connection.sentOf("message.post")).toHaveLength(2));
  expect(connection.sentOf("message.post")[1]).toMatchObject({ conversation: "c1" });
  expect(connection.sentOf("message.post")[1]).not.toHaveProperty("parent");
  expect(parley.live.outbox.items.some(({ isHeld }) => isHeld)).toBe(false);
});

test("Stop goes over the socket, and the text that had come is kept with a way to go on", async () => {
  const { connection } = await opened();
  await said(connection, "Tell me");
  hear(connection, 1, { type: "delta", text: "Once upon" });
  fireEvent.click(await screen.findByRole("button", { name: "Stop" }));
  expect(connection.sentOf("generation.stop")).toMatchObject([{ generation: "g1" }]);
  hear(connection, 2, { type: "stopped" });
  expect(await screen.findByRole("button", { name: "Continue" })).toBeTruthy();
  expect(answers()[0]?.textContent).toContain("Once upon");
  expect(answers()[0]?.dataset.status).toBe("stopped");
});

test("a refused question returns to the box, with the reason", async () => {
  const { connection } = await opened();
  type("Too much");
  fireEvent.keyDown(field(), { key: "Enter" });
  await waitFor(() => expect(connection.sentOf("message.post")).toHaveLength(1));
  const ref = connection.sentOf("message.post")[0]?.key;
  act(() => connection.say({ type: "error", ref, code: "too_large", message: "Shorten it." }));
  expect(await screen.findByText("Shorten it.")).toBeTruthy();
  expect(field().value).toBe("Too much");
  expect(window.location.pathname).toBe("/");
});

test("a reader is told when an answer starts and ends, not of each token", async () => {
  const { parley, connection } = await opened();
  const told: string[] = [];
  parley.announced.subscribe(() => told.push(parley.announced.get()));
  await said(connection, "Hi");
  for (let seq = 1; seq <= 5; seq += 1) hear(connection, seq, { type: "delta", text: "." });
  hear(connection, 6, { type: "finished", reason: "stop" });
  expect(told).toEqual(["The answer has started.", "The answer is finished."]);
});
