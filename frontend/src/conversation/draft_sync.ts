// Drafts on all of a person's devices. The box in front of the person is never overwritten: what another device wrote is
// taken over where nothing was typed here since, and put above it where something was.

import { get, put } from "../api/client";
import { Problem } from "../api/problem";
import type { Id, WrittenDraft } from "../api/types";
import type { Clock } from "../realtime/clock";
import type { Fact } from "../realtime/frames";
import { keep, recall } from "../shell/storage";
import type { Drafts } from "./drafts";

/** After the last letter: who writes on is not waited for by anybody. */
export const PUSH_AFTER_MS = 1500;
const LOOK_AFTER_MS = 5000;
const CONFLICT = 409;

export type DraftServer = {
  read(conversation: Id | null): Promise<WrittenDraft>;
  write(conversation: Id | null, draft: WrittenDraft): Promise<WrittenDraft>;
};

/** Both texts, the one that was typed here last; one of them where it holds the other. */
export function together(here: string, there: string): string {
  if (here.includes(there)) return here;
  return there.includes(here) ? there : `${there}\n\n${here}`;
}

/** The draft of one conversation, for as long as it is in front of a person. */
export class DraftSync {
  readonly #name: string;
  /** That this device has seen. */
  #version: number;
  /** What the server has, as far as we know; null after a reload in mid-typing. */
  #pushed: string | null;
  #isBusy = false;
  #mustLook = false;
  #seen = "";
  #isEnded = false;
  #cancelTimer: () => void = () => undefined;
  readonly #leave: () => void;
  readonly #drafts: Drafts;
  readonly #user: Id;
  readonly #conversation: Id | null;
  readonly #server: DraftServer;
  readonly #clock: Clock;

  constructor(drafts: Drafts, user: Id, conversation: Id | null, server: DraftServer, clock: Clock) {
    this.#drafts = drafts;
    this.#user = user;
    this.#conversation = conversation;
    this.#server = server;
    this.#clock = clock;
    this.#name = `parley.draft-seen.${user}.${conversation ?? "new"}`;
    const [version = "0", dirty] = (recall(this.#name) ?? "").split(" ");
    this.#version = Number(version) || 0;
    // A text that was there before anything was shared is news to the server.
    this.#pushed = dirty || (!this.#version && this.#text) ? null : this.#text;
    this.#leave = this.#box.subscribe(() => this.#typed());
    void this.look();
  }

  /** The person goes elsewhere: what they typed is on its way before they are there. */
  end(): void {
    this.#leave();
    this.flush();
    this.#isEnded = true;
  }

  /** The page may be gone in a moment. */
  flush(): void {
    this.#cancelTimer();
    if (!this.#isSame) void this.#push();
  }

  heard(fact: Fact): void {
    const isOurs = (fact.conversation ?? null) === this.#conversation;
    if (isOurs && (fact.version ?? 0) > this.#version && this.#isSame) void this.look();
  }

  /** What the server has: on arrival, and after the network was away. */
  async look(): Promise<void> {
    if (this.#isEnded) return;
    if (this.#isBusy) {
      this.#mustLook = true;
      return;
    }
    const before = this.#text;
    const there = await this.#asked(() => this.#server.read(this.#conversation));
    if (this.#isEnded) return;
    if (!there) return this.#isSame ? undefined : this.#lookLater();
    // Somebody types just now: their next pause will ask again.
    if (before !== this.#text) return this.#pushLater();
    this.#take(there);
  }

  get #box() {
    return this.#drafts.of(this.#user, this.#conversation);
  }

  get #text(): string {
    return this.#box.get().text;
  }

  get #isSame(): boolean {
    return this.#pushed === this.#text;
  }

  #typed(): void {
    this.#remember();
    if (this.#isSame) this.#cancelTimer();
    else this.#pushLater();
  }

  #take({ text, version }: WrittenDraft): void {
    const isNews = version !== this.#version;
    const isSame = this.#isSame;
    this.#version = version;
    this.#pushed = text;
    if (isNews && isSame) this.#show(text);
    else if (isNews && text) this.#show(together(this.#text, text));
    this.#typed();
  }

  #show(text: string): void {
    if (text !== this.#text) this.#drafts.write(this.#user, this.#conversation, text);
  }

  /** The network was away for less than the socket notices. */
  #lookLater(): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.after(LOOK_AFTER_MS, () => void this.look());
  }

  #pushLater(): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.after(PUSH_AFTER_MS, () => void this.#push());
  }

  async #push(): Promise<void> {
    if (this.#isBusy) return this.#isEnded ? undefined : this.#pushLater();
    const text = this.#text;
    const written = await this.#asked(() =>
      this.#server.write(this.#conversation, { text, version: this.#version }),
    );
    if (!written) return this.#isEnded ? undefined : this.#lookLater();
    this.#version = written.version;
    this.#pushed = text;
    this.#remember();
    if (!this.#isSame && !this.#isEnded) this.#pushLater();
  }

  /** Null where the server could not be asked; what was typed stays here until it can. */
  async #asked(ask: () => Promise<WrittenDraft>): Promise<WrittenDraft | null> {
    this.#isBusy = true;
    try {
      return await ask();
    } catch (problem) {
      if (problem instanceof Problem && problem.status === CONFLICT) this.#mustLook = true;
      return null;
    } finally {
      this.#isBusy = false;
      if (this.#mustLook) this.#clock.after(0, () => void this.look());
      this.#mustLook = false;
    }
  }

  #remember(): void {
    const seen = `${this.#version}${this.#isSame ? "" : " typed"}`;
    if (seen !== this.#seen) keep(this.#name, seen === "0" ? "" : seen);
    this.#seen = seen;
  }
}

const addressOf = (conversation: Id | null) =>
  conversation ? `/api/v1/conversations/${conversation}/draft` : "/api/v1/draft";

export const draftServer: DraftServer = {
  read: (conversation) => get(addressOf(conversation)),
  write: (conversation, draft) => put(addressOf(conversation), draft),
};
