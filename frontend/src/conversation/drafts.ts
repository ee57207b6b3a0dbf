// What a person has typed and not sent, for each conversation. Survives reloads, and a session that ends under it.

import type { Id } from "../api/types";
import { Observable } from "../shell/observable";
import { keep, recall } from "../shell/storage";

/** `problem`: why the text came back instead of being sent. */
export type Draft = { text: string; problem: string | null };

const WRITE_AFTER_MS = 300;
const NEW = "new";

export class Drafts {
  readonly #drafts = new Map<string, Observable<Draft>>();
  readonly #unwritten = new Map<string, ReturnType<typeof setTimeout>>();

  constructor() {
    window.addEventListener("pagehide", () => this.#writeAll());
  }

  of(user: Id, conversation: Id | null): Observable<Draft> {
    const name = nameOf(user, conversation);
    let draft = this.#drafts.get(name);
    if (!draft) {
      draft = new Observable<Draft>({ text: recall(name) ?? "", problem: null });
      this.#drafts.set(name, draft);
    }
    return draft;
  }

  write(user: Id, conversation: Id | null, text: string): void {
    this.of(user, conversation).set({ text, problem: null });
    const name = nameOf(user, conversation);
    clearTimeout(this.#unwritten.get(name));
    this.#unwritten.set(
      name,
      setTimeout(() => this.#writeOne(name), WRITE_AFTER_MS),
    );
  }

  /** A post was refused: its words return to the box they were typed in, above what was typed since. */
  giveBack(user: Id, conversation: Id | null, text: string, problem: string): void {
    const typedSince = this.of(user, conversation).get().text;
    this.write(user, conversation, typedSince ? `${text}\n\n${typedSince}` : text);
    this.of(user, conversation).set({ ...this.of(user, conversation).get(), problem });
  }

  /** A new conversation got its name: what was typed in it meanwhile goes along. */
  move(user: Id, from: Id, to: Id): void {
    const { text } = this.of(user, from).get();
    if (!text) return;
    this.write(user, to, text);
    this.write(user, from, "");
  }

  #writeAll(): void {
    for (const name of [...this.#unwritten.keys()]) this.#writeOne(name);
  }

  #writeOne(name: string): void {
    clearTimeout(this.#unwritten.get(name));
    this.#unwritten.delete(name);
    keep(name, this.#drafts.get(name)?.get().text ?? "");
  }
}

function nameOf(user: Id, conversation: Id | null): string {
  return `parley.draft.${user}.${conversation ?? NEW}`;
}
