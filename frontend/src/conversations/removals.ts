// Conversations that are about to be deleted: gone from the screen at once, from the server when nobody takes them back.

import type { Id } from "../api/types";
import { Observable } from "../shell/observable";
import { keep, recall } from "../shell/storage";

const TAKE_BACK_MS = 7000;
/** What a page that was closed in the meantime has left to do; the browser may not have sent it. */
const LEFT = "parley.removals";

type Removal = { ids: readonly Id[]; timer: ReturnType<typeof setTimeout> };

export type RemovalListener = {
  /** Deletes on the server; goes out at once, since the page may be about to be closed. */
  deleteNow(id: Id): Promise<void>;
  hidden(ids: readonly Id[], takeBack: () => void): void;
  failed(problem: unknown): void;
};

export class Removals {
  /** What is not to be shown. */
  readonly hidden = new Observable<ReadonlySet<Id>>(new Set());
  readonly #waiting = new Set<Removal>();
  readonly #listener: RemovalListener;

  constructor(listener: RemovalListener) {
    this.#listener = listener;
    window.addEventListener("pagehide", () => this.#leave());
  }

  remove(ids: readonly Id[]): void {
    const removal: Removal = { ids, timer: setTimeout(() => void this.#perform(removal), TAKE_BACK_MS) };
    this.#waiting.add(removal);
    this.hidden.set(new Set([...this.hidden.get(), ...ids]));
    this.#keepLeft();
    this.#listener.hidden(ids, () => this.#takeBack(removal));
  }

  /** Once somebody is signed in: deletes what was to be deleted when the last page was closed. */
  async finish(): Promise<void> {
    const ids = (recall(LEFT) ?? "").split(" ").filter(Boolean);
    if (!ids.length || this.#waiting.size) return;
    this.hidden.set(new Set([...this.hidden.get(), ...ids]));
    keep(LEFT, "");
    // What is not there any more, or not theirs, needs no deletion.
    for (const id of ids) await this.#listener.deleteNow(id).catch(() => this.#show([id]));
  }

  #keepLeft(): void {
    keep(LEFT, [...this.#waiting].flatMap(({ ids }) => ids).join(" "));
  }

  #takeBack(removal: Removal): void {
    if (!this.#waiting.delete(removal)) return;
    clearTimeout(removal.timer);
    this.#keepLeft();
    this.#show(removal.ids);
  }

  async #perform(removal: Removal): Promise<void> {
    if (!this.#waiting.delete(removal)) return;
    for (const id of removal.ids) {
      try {
        await this.#listener.deleteNow(id);
      } catch (problem) {
        this.#show([id]);
        this.#listener.failed(problem);
      }
    }
    this.#keepLeft();
  }

  #leave(): void {
    for (const { ids, timer } of this.#waiting) {
      clearTimeout(timer);
      for (const id of ids) void this.#listener.deleteNow(id).catch(() => undefined);
    }
    this.#waiting.clear();
  }

  #show(ids: readonly Id[]): void {
    const hidden = new Set(this.hidden.get());
    for (const id of ids) hidden.delete(id);
    this.hidden.set(hidden);
  }
}
