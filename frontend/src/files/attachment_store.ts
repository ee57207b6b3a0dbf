// Where files wait until the message with them is safe on the server: IndexedDB, so that a reload loses none.

import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Id, StoredFile } from "../api/types";

export type Attachment = {
  /** Of its upload: sent twice, it is one file. */
  key: Id;
  user: Id;
  /** Where it was attached; null: in the composer of a new conversation. */
  conversation: Id | null;
  /** The post that takes it along; null while it stands in the composer. */
  post: Id | null;
  name: string;
  blob: Blob;
  isImage: boolean;
  /** Once it is uploaded. */
  file: StoredFile | null;
  /** Why it cannot be sent. */
  problem: string | null;
  madeAt: number;
};

export type AttachmentStore = {
  all(): Promise<Attachment[]>;
  put(attachment: Attachment): Promise<void>;
  remove(key: Id): Promise<void>;
};

interface Tables extends DBSchema {
  attachments: { key: string; value: Attachment };
}

/** Tells the other tabs of each change, and is told of theirs. Without IndexedDB nothing survives a reload. */
export class IndexedAttachmentStore implements AttachmentStore {
  readonly #database: Promise<IDBPDatabase<Tables> | null>;
  readonly #channel = new BroadcastChannel("parley.attachments");

  constructor(onForeignChange: () => void) {
    this.#database = openDB<Tables>("parley-files", 1, {
      upgrade: (database) => {
        database.createObjectStore("attachments", { keyPath: "key" });
      },
    }).catch(() => null);
    this.#channel.onmessage = onForeignChange;
  }

  async all(): Promise<Attachment[]> {
    return (await (await this.#database)?.getAll("attachments")) ?? [];
  }

  async put(attachment: Attachment): Promise<void> {
    await (await this.#database)?.put("attachments", attachment);
    this.#channel.postMessage("changed");
  }

  async remove(key: Id): Promise<void> {
    await (await this.#database)?.delete("attachments", key);
    this.#channel.postMessage("changed");
  }
}
