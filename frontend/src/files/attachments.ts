// Files that people have attached: uploaded at once, kept through reloads and tunnels, and handed to the post that takes
// them along. Whoever changes the outbox need not know of them: what becomes of a post is read from the outbox itself.

import { Problem } from "../api/problem";
import type { FilePart, Id, StoredFile } from "../api/types";
import { t } from "../i18n/t";
import type { Clock } from "../realtime/clock";
import { newKey } from "../realtime/key";
import type { Outbox } from "../realtime/outbox";
import { UPLOAD } from "../realtime/outbox_store";
import { Observable } from "../shell/observable";
import type { Accepted } from "./accept";
import type { Attachment, AttachmentStore } from "./attachment_store";
import type { Upload } from "./upload";

const AT_ONCE = 3;
const RETRY_FROM_MS = 2000;
const RETRY_UP_TO_MS = 30_000;
const SIGNED_OUT = 401;

/** How far an upload has come, 0 to 1; null: it waits for the network. */
export type Progress = Readonly<Record<Id, number | null>>;

type Going = { stop: AbortController; tries: number; cancelTimer: () => void };

export class Attachments {
  readonly all = new Observable<readonly Attachment[]>([]);
  readonly progress = new Observable<Progress>({});
  #user: Id | null = null;
  readonly #going = new Map<Id, Going>();
  readonly #previews = new Map<Id, string>();
  readonly #store: AttachmentStore;
  readonly #outbox: Outbox;
  readonly #upload: Upload;
  readonly #forget: (file: Id) => void;
  readonly #clock: Clock;

  /** `forget` deletes on the server what was uploaded and then taken off again. */
  constructor(
    store: AttachmentStore,
    outbox: Outbox,
    upload: Upload,
    forget: (file: Id) => void,
    clock: Clock,
  ) {
    this.#store = store;
    this.#outbox = outbox;
    this.#upload = upload;
    this.#forget = forget;
    this.#clock = clock;
    outbox.subscribe(() => this.#compare());
  }

  /** What this person has attached in this browser, in any tab. */
  async load(user: Id): Promise<void> {
    this.#user = user;
    const stored = await this.#store.all().catch(() => []);
    const known = new Map(this.all.get().map((one) => [one.key, one]));
    // One object stays one object: what is shown of it then does not blink.
    const mine = stored.filter((one) => one.user === user).sort((a, b) => a.madeAt - b.madeAt);
    this.all.set(mine.map((one) => ({ ...one, blob: known.get(one.key)?.blob ?? one.blob })));
    for (const one of this.all.get()) if (one.file) void this.#outbox.uploaded(UPLOAD + one.key, partOf(one));
    this.#compare();
    this.#start();
  }

  /** Another tab changed the store. */
  reload(): void {
    if (this.#user) void this.load(this.#user);
  }

  add(user: Id, conversation: Id | null, { name, blob, isImage }: Accepted): void {
    const now = this.#clock.now();
    const key = newKey();
    void this.#keep({
      key,
      user,
      conversation,
      post: null,
      name,
      blob,
      isImage,
      file: null,
      problem: null,
      madeAt: now,
    });
    this.#start();
  }

  /** Taken off by the person, before it was sent. */
  remove(key: Id): void {
    const removed = this.#find(key);
    this.#drop(key);
    if (removed?.file) this.#forget(removed.file.id);
  }

  retry(key: Id): void {
    const failed = this.#find(key);
    if (!failed) return;
    this.#stop(key);
    void this.#keep({ ...failed, problem: null });
    this.#start();
  }

  /** There is a connection again. */
  connected(): void {
    for (const [key, { cancelTimer }] of this.#going) {
      if (this.progress.get()[key] !== null) continue;
      cancelTimer();
      this.#going.delete(key);
    }
    this.#start();
  }

  /** A post takes these along; it stands in the outbox already. */
  sentWith(post: Id, taken: readonly Attachment[]): void {
    for (const { key } of taken) this.#change(key, { post });
  }

  /** For as long as this page lives. */
  preview(key: Id): string | null {
    const blob = this.#find(key)?.blob;
    const known = this.#previews.get(key);
    if (known || !blob) return known ?? null;
    const made = URL.createObjectURL(blob);
    this.#previews.set(key, made);
    return made;
  }

  #find(key: Id): Attachment | undefined {
    return this.all.get().find((one) => one.key === key);
  }

  #start(): void {
    const waiting = this.all
      .get()
      .filter(({ key, file, problem }) => !file && !problem && !this.#going.has(key));
    const room = AT_ONCE - [...this.#going.keys()].filter((key) => this.progress.get()[key] !== null).length;
    for (const one of waiting.slice(0, Math.max(0, room))) void this.#send(one, 0);
  }

  async #send(one: Attachment, tries: number): Promise<void> {
    const going: Going = { stop: new AbortController(), tries, cancelTimer: () => undefined };
    this.#going.set(one.key, going);
    this.#tell(one.key, 0);
    try {
      const file = await this.#upload(one, (share) => this.#tell(one.key, share), going.stop.signal);
      this.#stop(one.key);
      await this.#arrived(one.key, file);
    } catch (problem) {
      if (!going.stop.signal.aborted) this.#failed(one, problem, going);
    }
    this.#start();
  }

  async #arrived(key: Id, file: StoredFile): Promise<void> {
    const problem =
      file.problem || (file.kind === "other" ? t("files.unreadable", { name: file.name }) : null);
    const now = this.#change(key, { file, problem });
    if (!now) return;
    if (problem && now.post)
      await this.#outbox.failed(now.post, { type: "error", code: "upload", message: problem });
    else await this.#outbox.uploaded(UPLOAD + key, partOf(now));
  }

  #failed(one: Attachment, problem: unknown, going: Going): void {
    const mayPass = problem instanceof Problem && (problem.isTransient || problem.status === SIGNED_OUT);
    if (mayPass) {
      this.#tell(one.key, null);
      const delayMs = Math.min(RETRY_UP_TO_MS, RETRY_FROM_MS * 2 ** going.tries);
      going.cancelTimer = this.#clock.after(delayMs, () => void this.#send(one, going.tries + 1));
      return;
    }
    this.#stop(one.key);
    const message = problem instanceof Error ? problem.message : t("error.unexpected");
    const now = this.#change(one.key, { problem: message });
    if (now?.post) void this.#outbox.failed(now.post, { type: "error", code: "upload", message });
  }

  /** What has become of the posts that took files along, and of conversations that had no name yet. */
  #compare(): void {
    if (!this.#outbox.isLoaded) return;
    const items = this.#outbox.items;
    for (const { key, post, conversation } of this.all.get()) {
      const taker = post ? items.find((item) => item.key === post) : undefined;
      if (taker?.accepted) this.#drop(key);
      // Refused or taken back: it stands in the composer again.
      else if (post && !taker) this.#change(key, { post: null });
      const named = !post && items.find((item) => item.key === conversation)?.accepted?.conversation;
      if (named) this.#change(key, { conversation: named });
    }
  }

  #change(key: Id, change: Partial<Attachment>): Attachment | null {
    const old = this.#find(key);
    if (!old) return null;
    const changed = { ...old, ...change };
    void this.#keep(changed);
    return changed;
  }

  async #keep(one: Attachment): Promise<void> {
    const old = this.all.get();
    const isNew = !old.some(({ key }) => key === one.key);
    this.all.set(isNew ? [...old, one] : old.map((known) => (known.key === one.key ? one : known)));
    // A full disk: it is uploaded all the same, and lost with a reload only.
    await this.#store.put(one).catch(() => undefined);
  }

  #drop(key: Id): void {
    this.#stop(key);
    this.all.set(this.all.get().filter((one) => one.key !== key));
    const preview = this.#previews.get(key);
    if (preview) URL.revokeObjectURL(preview);
    this.#previews.delete(key);
    void this.#store.remove(key).catch(() => undefined);
  }

  #stop(key: Id): void {
    const going = this.#going.get(key);
    this.#going.delete(key);
    going?.cancelTimer();
    going?.stop.abort();
    const { [key]: _gone, ...rest } = this.progress.get();
    this.progress.set(rest);
  }

  #tell(key: Id, share: number | null): void {
    if (this.#going.has(key)) this.progress.set({ ...this.progress.get(), [key]: share });
  }
}

/** As a message names it; before the upload has ended, by what stands for its id. */
export function partOf({ key, name, blob, isImage, file }: Attachment): FilePart {
  return {
    type: "file",
    file: file?.id ?? UPLOAD + key,
    name: file?.name ?? name,
    media_type: file?.media_type ?? blob.type,
    size_bytes: file?.size_bytes ?? blob.size,
    kind: file?.kind ?? (isImage ? "image" : "text"),
  };
}
