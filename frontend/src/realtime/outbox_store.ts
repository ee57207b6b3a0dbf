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

  async remove(key: Id): Promise<void> {
    await this.#inner.remove(key);
    this.#channel.postMessage("changed");
  }
}

export async function openOutboxStore(onForeignChange: () => void): Promise<OutboxStore> {
  const store = new IndexedOutboxStore();
  try {
    await store.all();
  } catch {
    return new MemoryOutboxStore();
  }
  return new SharedOutboxStore(store, onForeignChange);
}
