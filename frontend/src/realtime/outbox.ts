// Posts on their way to the server. A post stays until it is acknowledged, and is sent again with the same key as often
// as needed; the server takes each key once, so two tabs that send the same post do no harm.

import type { FilePart, Id, Posted } from "../api/types";
import type { Clock } from "./clock";
import type { ErrorFrame, PostFrame } from "./frames";
import { isUploading, type OutboxItem, type OutboxStore } from "./outbox_store";
import { traceOf } from "./trace";

const RESEND_AFTER_MS = 15_000;
const DEFAULT_RETRY_S = 2;
const KEEP_ACCEPTED_MS = 24 * 60 * 60 * 1000;
/** The server itself asks for another try; every other error is for the person. */
const TRY_AGAIN: ReadonlySet<string> = new Set(["busy", "too_many"]);

/** `once`: this page made it and sent it a single time, so the ack is the first one and its answer is followed already. */
export type Sendings = "once" | "perhaps_more";

export type Refusal = { code: string; message: string };

export type OutboxListener = {
  /** The server has it, durably. */
  accepted(item: OutboxItem, posted: Posted): void;
  /** The server will not take it: it goes back to whoever wrote it. */
  refused(item: OutboxItem, refusal: Refusal): void;
};

export class Outbox {
  #items: readonly OutboxItem[] = [];
  #user: Id | null = null;
  #isLoaded = false;
  readonly #readers = new Set<() => void>();
  readonly #timers = new Map<Id, () => void>();
  readonly #sendings = new Map<Id, Sendings>();
  /** Shown already, but not yet safe enough to be sent. */
  readonly #unstored = new Set<Id>();
  /** Changes happen one after another: a reload that overtakes a removal would bring the removed back. */
  #queue: Promise<unknown> = Promise.resolve();
  readonly #store: OutboxStore;
  readonly #send: (frame: PostFrame) => boolean;
  readonly #clock: Clock;
  readonly #listener: OutboxListener;

  constructor(
    store: OutboxStore,
    send: (frame: PostFrame) => boolean,
    clock: Clock,
    listener: OutboxListener,
  ) {
    this.#store = store;
    this.#send = send;
    this.#clock = clock;
    this.#listener = listener;
  }

  /** Every item of this person, accepted ones included. The same array until something changes. */
  get items(): readonly OutboxItem[] {
    return this.#items;
  }

  /** Until then nobody knows whether a post with some key waits here. */
  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  /** How often the post with this key went out, as far as this page knows. */
  sendings(key: Id): Sendings {
    return this.#sendings.get(key) ?? "perhaps_more";
  }

  subscribe(reader: () => void): () => void {
    this.#readers.add(reader);
    return () => this.#readers.delete(reader);
  }

  /** Reads what this person left behind in this browser, in any tab. */
  load(user: Id): Promise<void> {
    return this.#inTurn(async () => {
      this.#user = user;
      // A store that cannot be read holds nothing for us; what is said from now on still goes out.
      const stored = await this.#store.all().catch(() => []);
      const isOld = (item: OutboxItem) => item.accepted && this.#clock.now() - item.madeAt > KEEP_ACCEPTED_MS;
      for (const item of stored.filter(isOld)) await this.#store.remove(item.key);
      this.#isLoaded = true;
      const mine = stored.filter((item) => item.user === user && !isOld(item));
      this.#become(mine.sort((a, b) => a.madeAt - b.madeAt));
    });
  }

  /** Another tab changed the store. */
  async reload(): Promise<void> {
    if (this.#user) await this.load(this.#user);
  }

  /** Shown at once; stored, and only then sent: from there on nothing loses it. */
  add(item: OutboxItem): Promise<void> {
    this.#unstored.add(item.key);
    this.#show(item);
    return this.#inTurn(async () => {
      await this.#keep(item);
      this.#unstored.delete(item.key);
      this.#sendIfReady(item, "once");
    });
  }

  /** The answer that a held item waited for has ended; `parent` is what it is said to. */
  release(key: Id, parent: Id | null): Promise<void> {
    return this.#inTurn(async () => {
      // Two tabs may see the answer end at once; only one of them may choose the parent.
      const released = await this.#store.change(key, (item) => item.isHeld, { isHeld: false, parent });
      if (!released) return;
      this.#show(released);
      this.#sendIfReady(released, "once");
    });
  }

  /** An upload has ended: its file takes the place of what stood for it, and who waited for that goes out. */
  uploaded(standIn: string, part: FilePart): Promise<void> {
    return this.#inTurn(async () => {
      for (const item of this.#items) {
        const parts = item.parts.map((old) => (old.type === "file" && old.file === standIn ? part : old));
        if (parts.every((now, place) => now === item.parts[place])) continue;
        const filled = await this.#store.change(item.key, () => true, { parts });
        if (!filled) continue;
        this.#show(filled);
        this.#sendIfReady(filled, "perhaps_more");
      }
    });
  }

  remove(key: Id): Promise<void> {
    return this.#inTurn(() => this.#drop(key));
  }

  /** There is a connection again. */
  connected(): void {
    for (const item of this.#items) this.#sendIfReady(item, "perhaps_more");
  }

  /** There is none: nothing will be heard of what was sent. */
  disconnected(): void {
    for (const key of [...this.#timers.keys()]) this.#cancelTimer(key);
  }

  acknowledged(key: Id, posted: Posted): Promise<void> {
    return this.#inTurn(async () => {
      this.#cancelTimer(key);
      const item = this.#find(key);
      if (!item || item.accepted) return;
      this.#listener.accepted(item, posted);
      await this.#keep({ ...item, accepted: posted });
      for (const next of this.#after(key)) await this.#keep({ ...next, conversation: posted.conversation });
    });
  }

  failed(key: Id, error: ErrorFrame): Promise<void> {
    return this.#inTurn(async () => {
      const item = this.#find(key);
      if (!item || item.accepted) return;
      if (TRY_AGAIN.has(error.code))
        return this.#sendLater(item, (error.retry_after ?? DEFAULT_RETRY_S) * 1000);
      for (const refused of [item, ...this.#after(key)]) {
        this.#listener.refused(refused, { code: error.code, message: error.message });
        await this.#drop(refused.key);
      }
    });
  }

  #inTurn(change: () => Promise<void>): Promise<void> {
    const turn = this.#queue.then(change);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  #find(key: Id): OutboxItem | undefined {
    return this.#items.find((item) => item.key === key);
  }

  /** What waits for the conversation that the post with this key starts. */
  #after(key: Id): readonly OutboxItem[] {
    return this.#items.filter((item) => item.conversation === key);
  }

  #sendIfReady(item: OutboxItem, sendings: Sendings): void {
    if (item.isHeld || item.accepted || isUploading(item) || this.#unstored.has(item.key)) return;
    if (!this.#send(frameOf(item))) return;
    this.#sendings.set(item.key, sendings);
    this.#sendLater(item, RESEND_AFTER_MS);
  }

  /** Spread by up to a half, so that everybody who was told to wait does not come back at once. */
  #sendLater(item: OutboxItem, delayMs: number): void {
    this.#cancelTimer(item.key);
    const spreadMs = delayMs * (1 + this.#clock.random() / 2);
    const sendAgain = () => {
      const now = this.#find(item.key);
      if (now) this.#sendIfReady(now, "perhaps_more");
    };
    this.#timers.set(item.key, this.#clock.after(spreadMs, sendAgain));
  }

  #cancelTimer(key: Id): void {
    this.#timers.get(key)?.();
    this.#timers.delete(key);
  }

  async #drop(key: Id): Promise<void> {
    this.#cancelTimer(key);
    await this.#store.remove(key);
    this.#become(this.#items.filter((item) => item.key !== key));
  }

  async #keep(item: OutboxItem): Promise<void> {
    await this.#store.put(item);
    this.#show(item);
  }

  #show(item: OutboxItem): void {
    const isNew = !this.#find(item.key);
    this.#become(
      isNew ? [...this.#items, item] : this.#items.map((old) => (old.key === item.key ? item : old)),
    );
  }

  #become(items: readonly OutboxItem[]): void {
    this.#items = items;
    for (const tell of this.#readers) tell();
  }
}

function frameOf(item: OutboxItem): PostFrame {
  const frame: PostFrame = {
    type: "message.post",
    ref: item.key,
    key: item.key,
    parts: item.parts,
    trace: traceOf(item.key),
  };
  if (item.conversation) frame.conversation = item.conversation;
  if (item.bot) frame.bot = item.bot;
  if (item.parent) frame.parent = item.parent;
  return frame;
}
