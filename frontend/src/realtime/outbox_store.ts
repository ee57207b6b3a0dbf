// Where posts wait until the server has them: IndexedDB, so that a reload or a crash loses none.

import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Id, Part, Posted } from "../api/types";

export type OutboxItem = {
  /** The idempotency key: the server takes a post with it at most once. */
  key: Id;
  user: Id;
  /** Null for a new conversation. For a post after one of those: the key of the post that starts it. */
  conversation: Id | null;
  bot: Id | null;
  parent: Id | null;
  parts: Part[];
  madeAt: number;
  /** Waits for the answer before it; sent when released. */
  isHeld: boolean;
  /** What the server answered. Kept a while, so that an address made from the key still leads somewhere. */
  accepted: Posted | null;
};

export type OutboxStore = {
  all(): Promise<OutboxItem[]>;
  put(item: OutboxItem): Promise<void>;
  /** Changes the stored item if it is still as `isAs` says; null if not. No other tab can come in between. */
  change(
    key: Id,
    isAs: (stored: OutboxItem) => boolean,
    change: Partial<OutboxItem>,
  ): Promise<OutboxItem | null>;
  remove(key: Id): Promise<void>;
};

interface Tables extends DBSchema {
  outbox: { key: string; value: OutboxItem };
}

export class IndexedOutboxStore implements OutboxStore {
  readonly #database: Promise<IDBPDatabase<Tables>>;

  constructor(name = "parley") {
    this.#database = openDB<Tables>(name, 1, {
      upgrade: (database) => {
        database.createObjectStore("outbox", { keyPath: "key" });
      },
    });
  }

  async all(): Promise<OutboxItem[]> {
    return (await this.#database).getAll("outbox");
  }

  async put(item: OutboxItem): Promise<void> {
    await (await this.#database).put("outbox", item);
  }

  async change(key: Id, isAs: (stored: OutboxItem) => boolean, change: Partial<OutboxItem>) {
    const transaction = (await this.#database).transaction("outbox", "readwrite");
    const stored = await transaction.store.get(key);
    const changed = stored && isAs(stored) ? { ...stored, ...change } : null;
    if (changed) await transaction.store.put(changed);
    await transaction.done;
    return changed;
  }

  async remove(key: Id): Promise<void> {
    await (await this.#database).delete("outbox", key);
  }
}

/** For browsers that grant no IndexedDB (some private windows): nothing survives a reload, but everything works. */
export class MemoryOutboxStore implements OutboxStore {
  readonly #items = new Map<Id, OutboxItem>();

  async all(): Promise<OutboxItem[]> {
    return [...this.#items.values()];
  }

  async put(item: OutboxItem): Promise<void> {
    this.#items.set(item.key, item);
  }

  async change(key: Id, isAs: (stored: OutboxItem) => boolean, change: Partial<OutboxItem>) {
    const stored = this.#items.get(key);
    const changed = stored && isAs(stored) ? { ...stored, ...change } : null;
    if (changed) this.#items.set(key, changed);
    return changed;
  }

  async remove(key: Id): Promise<void> {
    this.#items.delete(key);
  }
}

/** Tells the other tabs of each change, and is told of theirs. */
class SharedOutboxStore implements OutboxStore {
  readonly #inner: OutboxStore;
  readonly #channel = new BroadcastChannel("parley.outbox");

  constructor(inner: OutboxStore, onForeignChange: () => void) {
    this.#inner = inner;
    this.#channel.onmessage = onForeignChange;
  }

  all(): Promise<OutboxItem[]> {
    return this.#inner.all();
  }

  async put(item: OutboxItem): Promise<void> {
    await this.#inner.put(item);
    this.#channel.postMessage("changed");
  }

  async change(key: Id, isAs: (stored: OutboxItem) => boolean, change: Partial<OutboxItem>) {
    const changed = await this.#inner.change(key, isAs, change);
    if (changed) this.#channel.postMessage("changed");
    return changed;
  }

  async remove(key: Id): Promise<void> {
    await this.#inner.remove(key);
    this.#channel.postMessage("changed");
  }
}

/** What stands in a part in place of a file's id until its upload has ended. */
export const UPLOAD = "upload:";

export const isUploading = ({ parts }: { parts: readonly Part[] }): boolean =>
  parts.some((part) => part.type === "file" && part.file.startsWith(UPLOAD));

/** How long a browser may take to open its database before we go on without it. */
const OPEN_WITHIN_MS = 2000;

export async function openOutboxStore(onForeignChange: () => void): Promise<OutboxStore> {
  const store = new IndexedOutboxStore();
  const tooLate = new Promise<never>((_, refuse) =>
    setTimeout(refuse, OPEN_WITHIN_MS, new Error("too late")),
  );
  try {
    await Promise.race([store.all(), tooLate]);
  } catch {
    return new MemoryOutboxStore();
  }
  return new SharedOutboxStore(store, onForeignChange);
}
