// The live side of the app, outside React: one socket, the answers followed over it, and the outbox.

import type { Id, Posted } from "../api/types";
import type { AnswerState } from "../conversation/answer";
import type { Clock } from "./clock";
import { Following } from "./following";
import {
  type Ack,
  type ErrorFrame,
  type Fact,
  isPosted,
  parseFrame,
  type Received,
  type Sent,
} from "./frames";
import { Outbox, type Refusal } from "./outbox";
import type { OutboxItem, OutboxStore } from "./outbox_store";
import { type Connection, Socket, type SocketState } from "./socket";

export type LiveListener = {
  fact(fact: Fact): void;
  accepted(item: OutboxItem, posted: Posted): void;
  refused(item: OutboxItem, refusal: Refusal): void;
  started(generation: Id): void;
  ended(generation: Id, state: AnswerState): void;
  /** The server knows no such generation any more: what became of it stands in the conversation. */
  vanished(generation: Id): void;
  /** Facts may have been missed: whatever is shown may be stale. */
  reconnected(): void;
  signedOut(): void;
};

const FOLLOW = "follow:";
const FOLLOW_AGAIN_MS = 2000;
const LOOK_AGAIN_WITHIN_MS = 5000;

export class Live {
  readonly socket: Socket;
  readonly following: Following;
  readonly outbox: Outbox;
  #hasConnected = false;
  readonly #readers = new Set<() => void>();
  readonly #clock: Clock;
  readonly #listener: LiveListener;

  constructor(connect: () => Connection, store: OutboxStore, clock: Clock, listener: LiveListener) {
    this.#clock = clock;
    this.#listener = listener;
    const send = (frame: Sent) => this.socket.send(JSON.stringify(frame));
    this.socket = new Socket(connect, clock, {
      state: (state) => this.#socketBecame(state),
      text: (text) => this.#receive(parseFrame(text)),
    });
    this.following = new Following(send, listener);
    this.outbox = new Outbox(store, send, clock, {
      accepted: (item, posted) => listener.accepted(item, posted),
      refused: (item, refusal) => listener.refused(item, refusal),
    });
  }

  async signedIn(user: Id): Promise<void> {
    await this.outbox.load(user);
    this.socket.start();
  }

  signedOut(): void {
    this.socket.stop();
    this.following.clear();
    this.#hasConnected = false;
  }

  /** Whether the wish went out; if not, ask over REST. */
  stop(generation: Id): boolean {
    return this.socket.send(
      JSON.stringify({ type: "generation.stop", ref: `stop:${generation}`, generation }),
    );
  }

  subscribe(reader: () => void): () => void {
    this.#readers.add(reader);
    return () => this.#readers.delete(reader);
  }

  #socketBecame(state: SocketState): void {
    if (state === "open") this.#connected();
    else this.outbox.disconnected();
    if (state === "signed_out") this.#listener.signedOut();
    for (const tell of this.#readers) tell();
  }

  #connected(): void {
    this.following.reconnected();
    this.outbox.connected();
    if (this.#hasConnected) this.#listener.reconnected();
    this.#hasConnected = true;
  }

  #receive(frame: Received | null): void {
    if (!frame) return;
    if (frame.type === "event") this.following.receive(frame);
    else if (frame.type === "fact") this.#heard(frame);
    else if (frame.type === "error") this.#failed(frame);
    else if (frame.type === "ack") this.#acknowledged(frame);
  }

  #heard(fact: Fact): void {
    if (fact.name === "facts.missed") {
      // Everybody is told at once: look again at different moments.
      this.#clock.after(this.#clock.random() * LOOK_AGAIN_WITHIN_MS, () => this.#listener.reconnected());
    } else this.#listener.fact(fact);
  }

  #acknowledged(ack: Ack): void {
    if (ack.key && isPosted(ack)) {
      // At once, not after the outbox has written it down: the first events are on the heels of the ack.
      if (this.outbox.sendings(ack.key) === "once") this.following.adopt(ack.generation);
      else this.following.follow(ack.generation);
      void this.outbox.acknowledged(ack.key, ack);
    } else if (ack.generation) this.following.acknowledged(ack.generation);
  }

  #failed(error: ErrorFrame): void {
    const ref = error.ref ?? "";
    if (ref.startsWith(FOLLOW)) this.#followFailed(ref.slice(FOLLOW.length), error);
    else void this.outbox.failed(ref, error);
  }

  #followFailed(generation: Id, error: ErrorFrame): void {
    this.following.forget(generation);
    if (error.code === "not_found") {
      this.#listener.vanished(generation);
      return;
    }
    const delayMs = error.retry_after ? error.retry_after * 1000 : FOLLOW_AGAIN_MS;
    this.#clock.after(delayMs, () => this.following.follow(generation));
  }
}
