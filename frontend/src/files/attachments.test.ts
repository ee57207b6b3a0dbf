import { waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { Problem } from "../api/problem";
import type { StoredFile } from "../api/types";
import { Outbox } from "../realtime/outbox";
import { MemoryOutboxStore, type OutboxItem } from "../realtime/outbox_store";
import type { Attachment, AttachmentStore } from "./attachment_store";
import { Attachments, partOf } from "./attachments";
import type { Upload } from "./upload";

class MemoryStore implements AttachmentStore {
  readonly kept = new Map<string, Attachment>();
  all = async () => [...this.kept.values()];
  put = async (one: Attachment) => void this.kept.set(one.key, one);
  remove = async (key: string) => void this.kept.delete(key);
}

/** Timers fire when the test says so. */
function handClock() {
  const due: (() => void)[] = [];
  const after = (_delay: number, action: () => void) => {
    due.push(action);
    return () => void due.splice(due.indexOf(action), 1);
  };
  return {
    now: () => 1,
    random: () => 0,
    after,
    pass: () => {
      for (const act of due.splice(0)) act();
    },
  };
}

const text = { name: "a.txt", blob: new Blob(["hello"]), isImage: false };
const file = (change: Partial<StoredFile> = {}): StoredFile => ({
  id: "f1",
  name: "a.txt",
  media_type: "text/plain",
  size_bytes: 5,
  kind: "text",
  problem: "",
  created_at: "",
  ...change,
});

function stage(upload: Upload, store = new MemoryStore(), outboxStore = new MemoryOutboxStore()) {
  const clock = handClock();
  const send = vi.fn(() => true);
  const listener = { accepted: vi.fn(), refused: vi.fn() };
  const outbox = new Outbox(outboxStore, send, clock, listener);
  const forget = vi.fn();
  const attachments = new Attachments(store, outbox, upload, forget, clock);
  return { clock, send, listener, outbox, forget, attachments, store, outboxStore };
}

const post = (attached: readonly Attachment[]): OutboxItem => ({
  key: "p1",
  user: "u",
  conversation: "c",
  bot: null,
  parent: null,
  parts: attached.map(partOf),
  madeAt: 1,
  isHeld: false,
  accepted: null,
});

const only = (attachments: Attachments) => attachments.all.get()[0] as Attachment;

test("a post waits for its upload, and then names the file", async () => {
  let arrive: (stored: StoredFile) => void = () => undefined;
  const { attachments, outbox, send, store } = stage(() => new Promise((done) => (arrive = done)));
  await outbox.load("u");
  attachments.add("u", "c", text);
  const taken = attachments.all.get();
  void outbox.add(post(taken));
  attachments.sentWith("p1", taken);
  await waitFor(() => expect(outbox.items).toHaveLength(1));
  expect(send).not.toHaveBeenCalled();
  arrive(file());
  await waitFor(() => expect(send).toHaveBeenCalledOnce());
  expect(send.mock.calls).toMatchObject([[{ parts: [{ type: "file", file: "f1" }] }]]);
  await outbox.acknowledged("p1", { conversation: "c", message: "m", answer: "a", generation: "g" });
  expect(attachments.all.get()).toEqual([]);
  expect(store.kept.size).toBe(0);
});

test("an upload that lost the network goes on by itself, with the same key", async () => {
  const keys: string[] = [];
  const { attachments, clock } = stage(async ({ key }) => {
    keys.push(key);
    if (keys.length < 3) throw new Problem("away", { status: 0, code: "unreachable" });
    return file();
  });
  attachments.add("u", "c", text);
  await waitFor(() => expect(attachments.progress.get()).toEqual({ [keys[0] as string]: null }));
  clock.pass();
  await waitFor(() => expect(keys).toHaveLength(2));
  await waitFor(() => expect(attachments.progress.get()).toEqual({ [keys[0] as string]: null }));
  attachments.connected();
  await waitFor(() => expect(only(attachments).file).not.toBeNull());
  expect(new Set(keys).size).toBe(1);
});

test("a refusal gives the post back to its writer, with the file and the reason", async () => {
  let refuse: (problem: Problem) => void = () => undefined;
  const { attachments, outbox, listener } = stage(() => new Promise((_, no) => (refuse = no)));
  await outbox.load("u");
  attachments.add("u", "c", text);
  void outbox.add(post(attachments.all.get()));
  attachments.sentWith("p1", attachments.all.get());
  await Promise.resolve();
  refuse(new Problem("Too large.", { status: 413, code: "too_large" }));
  await waitFor(() => expect(listener.refused).toHaveBeenCalledOnce());
  expect(listener.refused.mock.calls[0]?.[1]).toMatchObject({ message: "Too large." });
  await waitFor(() => expect(only(attachments)).toMatchObject({ post: null, problem: "Too large." }));
});

test("what no model can read is told of when it has arrived", async () => {
  const { attachments } = stage(async () => file({ kind: "pdf", problem: "No words." }));
  attachments.add("u", null, text);
  await waitFor(() => expect(only(attachments).problem).toBe("No words."));
});

test("a reload takes up uploads, also those that posts wait for", async () => {
  const first = stage(() => new Promise(() => undefined));
  await first.outbox.load("u");
  first.attachments.add("u", "c", text);
  await first.outbox.add(post(first.attachments.all.get()));
  first.attachments.sentWith("p1", first.attachments.all.get());
  await waitFor(() => expect(first.store.kept.size).toBe(1));

  const second = stage(async () => file(), first.store, first.outboxStore);
  await second.outbox.load("u");
  await second.attachments.load("u");
  await waitFor(() => expect(second.send).toHaveBeenCalledOnce());
  expect(second.send.mock.calls).toMatchObject([[{ key: "p1", parts: [{ file: "f1" }] }]]);
});

test("what is taken off is forgotten here and on the server", async () => {
  const { attachments, forget, store } = stage(async () => file());
  attachments.add("u", "c", text);
  await waitFor(() => expect(only(attachments).file).not.toBeNull());
  attachments.remove(only(attachments).key);
  expect(forget).toHaveBeenCalledWith("f1");
  await waitFor(() => expect(store.kept.size).toBe(0));
});
