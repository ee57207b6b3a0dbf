// Conversations that are about to be deleted: gone from the screen at once, from the server when nobody takes them back.

import type { Id } from "../api/types";
import { Observable } from "../shell/observable";

const TAKE_BACK_MS = 7000;

type Removal = { ids: readonly Id[]; timer: ReturnType<typeof setTimeout> };

export type RemovalListener = {
  /** Deletes on the server. `isLeaving`: the page is being closed, so it must go out at once. */
  deleteNow(id: Id, isLeaving: boolean): Promise<void>;
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
    this.#listener.hidden(ids, () => this.#takeBack(removal));
  }

  #takeBack(removal: Removal): void {
    if (!this.#waiting.delete(removal)) return;
    clearTimeout(removal.timer);
    this.#show(removal.ids);
  }

  async #perform(removal: Removal): Promise<void> {
    if (!this.#waiting.delete(removal)) return;
    for (const id of removal.ids) {
      try {
        await this.#listener.deleteNow(id, false);
      } catch (problem) {
        this.#show([id]);
        this.#listener.failed(problem);
      }
    }
  }

  #leave(): void {
    for (const { ids, timer } of this.#waiting) {
      clearTimeout(timer);
      for (const id of ids) void this.#listener.deleteNow(id, true).catch(() => undefined);
    }
    this.#waiting.clear();
  }

  #show(ids: readonly Id[]): void {
    const hidden = new Set(this.hidden.get());
    for (const id of ids) hidden.delete(id);
    this.hidden.set(hidden);
  }
}
