// The answers that are being written, each folded from its tape, whatever the network does in between.

import type { Id } from "../api/types";
import { type AnswerState, emptyAnswer, hasEnded, step } from "../conversation/answer";
import type { EventFrame, Sent } from "./frames";

/** `isAsking`: a follow is on its way, so what arrives out of order until then is no reason to ask again. */
type Tape = { state: AnswerState; isAsking: boolean };

export type FollowingListener = {
  started(generation: Id): void;
  ended(generation: Id, state: AnswerState): void;
};

export class Following {
  readonly #tapes = new Map<Id, Tape>();
  readonly #readers = new Map<Id, Set<() => void>>();
  readonly #send: (frame: Sent) => boolean;
  readonly #listener: FollowingListener;

  constructor(send: (frame: Sent) => boolean, listener: FollowingListener) {
    this.#send = send;
    this.#listener = listener;
  }

  /** Follows a generation from its first event on. Asking twice is harmless. */
  follow(generation: Id): void {
    if (this.#tapes.has(generation)) return;
    const tape = { state: emptyAnswer, isAsking: false };
    this.#tapes.set(generation, tape);
    this.#ask(generation, tape);
  }

  /** A post of ours was accepted: the server follows it for us already. */
  adopt(generation: Id): void {
    if (!this.#tapes.has(generation)) this.#tapes.set(generation, { state: emptyAnswer, isAsking: false });
  }

  /** The server has taken up a follow. */
  acknowledged(generation: Id): void {
    const tape = this.#tapes.get(generation);
    if (tape) tape.isAsking = false;
  }

  /** The connection is new: the server knows of no follower. */
  reconnected(): void {
    for (const [generation, tape] of this.#tapes) {
      if (!hasEnded(tape.state.status)) this.#ask(generation, tape);
    }
  }

  receive({ generation, seq, event }: EventFrame): void {
    const tape = this.#tapes.get(generation);
    if (!tape) return;
    const result = step(tape.state, { seq, event });
    if (result.type === "gap" && !tape.isAsking) this.#ask(generation, tape);
    if (result.type !== "next") return;
    tape.isAsking = false;
    const isFirst = tape.state.seq === 0;
    tape.state = result.state;
    for (const tell of this.#readers.get(generation) ?? []) tell();
    if (isFirst) this.#listener.started(generation);
    if (hasEnded(tape.state.status)) this.#listener.ended(generation, tape.state);
  }

  /** What is known of an answer; undefined when it is not followed. Stable until its next event. */
  state(generation: Id): AnswerState | undefined {
    return this.#tapes.get(generation)?.state;
  }

  subscribe(generation: Id, reader: () => void): () => void {
    const readers = this.#readers.get(generation) ?? new Set();
    this.#readers.set(generation, readers.add(reader));
    return () => {
      readers.delete(reader);
      if (readers.size === 0) this.#readers.delete(generation);
    };
  }

  /** The stored message is here, or the generation is gone: its tape is of no use any more. */
  forget(generation: Id): void {
    this.#tapes.delete(generation);
  }

  clear(): void {
    this.#tapes.clear();
  }

  #ask(generation: Id, tape: Tape): void {
    const after = tape.state.seq;
    tape.isAsking = this.#send({ type: "generation.follow", ref: `follow:${generation}`, generation, after });
  }
}
