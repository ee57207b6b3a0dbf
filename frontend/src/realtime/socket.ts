// One connection to the server that mends itself. Knows frames as text and nothing of what they say.

import type { Clock } from "./clock";

const PING_EVERY_MS = 20_000;
/** A ping without any frame after it for so long means that the connection is dead. */
const ANSWER_WITHIN_MS = 20_000;
const PROBE_WITHIN_MS = 4_000;
const LOOK_EVERY_MS = 5_000;
const CONNECT_WITHIN_MS = 15_000;
const LONGEST_WAIT_MS = 30_000;
/** A connection that lasted so long was a good one: the next loss starts with a short wait again. */
const GOOD_AFTER_MS = 10_000;
const TOO_MANY_WAIT_MS = 10_000;

export const CLOSED_SIGNED_OUT = 4401;
export const CLOSED_FOREIGN_ORIGIN = 4403;
export const CLOSED_TOO_MANY = 4429;

/** What we use of a WebSocket. */
export type Connection = {
  send(text: string): void;
  close(): void;
  onopen: ((opening: Event) => void) | null;
  onmessage: ((message: MessageEvent) => void) | null;
  onclose: ((closing: CloseEvent) => void) | null;
};

export type SocketState =
  | "idle"
  | "connecting"
  | "open"
  /** Lost; connects again by itself. */
  | "waiting"
  /** The server says that nobody is signed in: `start` again after signing in. */
  | "signed_out"
  /** The server does not serve pages of this address. */
  | "refused";

export type SocketListener = { state(state: SocketState): void; text(text: string): void };

/** Full jitter: anywhere between now and a limit that doubles from 1 s to 30 s, so that a crowd spreads out. */
export function waitMs(attempt: number, random: number): number {
  return random * Math.min(LONGEST_WAIT_MS, 1000 * 2 ** Math.min(attempt, 10));
}

export class Socket {
  #state: SocketState = "idle";
  #connection: Connection | null = null;
  #attempt = 0;
  #openedAt = 0;
  #heardAt = 0;
  #pingedAt = 0;
  #cancelTimer: () => void = () => undefined;
  readonly #connect: () => Connection;
  readonly #clock: Clock;
  readonly #listener: SocketListener;

  constructor(connect: () => Connection, clock: Clock, listener: SocketListener) {
    this.#connect = connect;
    this.#clock = clock;
    this.#listener = listener;
  }

  get state(): SocketState {
    return this.#state;
  }

  start(): void {
    if (this.#state === "connecting" || this.#state === "open") return;
    this.#attempt = 0;
    this.#open();
  }

  stop(): void {
    this.#leave();
    this.#become("idle");
  }

  /** Whether it was handed to the network: not whether it arrived. */
  send(text: string): boolean {
    if (this.#state !== "open" || !this.#connection) return false;
    this.#connection.send(text);
    return true;
  }

  /** The network or the person came back: do not sit out the wait, and do not trust an old connection. */
  wake(): void {
    if (this.#state === "waiting") this.#open();
    else if (this.#state === "open") this.#probe();
  }

  #open(): void {
    this.#leave();
    this.#become("connecting");
    const connection = this.#connect();
    this.#connection = connection;
    this.#cancelTimer = this.#clock.after(CONNECT_WITHIN_MS, () => this.#lost(0));
    connection.onopen = () => this.#opened();
    connection.onmessage = ({ data }) => {
      this.#heardAt = this.#clock.now();
      if (typeof data === "string") this.#listener.text(data);
    };
    connection.onclose = ({ code }) => this.#lost(code);
  }

  #opened(): void {
    this.#openedAt = this.#heardAt = this.#clock.now();
    this.#pingedAt = 0;
    this.#lookLater(LOOK_EVERY_MS);
    this.#become("open");
  }

  #lookLater(delayMs: number): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.after(delayMs, () => this.#look());
  }

  /** Timers of a hidden tab fire late, so only an unanswered ping proves anything, not the silence itself. */
  #look(): void {
    const now = this.#clock.now();
    const isUnanswered = this.#pingedAt > this.#heardAt;
    if (isUnanswered && now - this.#pingedAt >= ANSWER_WITHIN_MS) {
      this.#lost(0);
      return;
    }
    const lastSign = Math.max(this.#pingedAt, this.#openedAt);
    if (!isUnanswered && now - lastSign >= PING_EVERY_MS) this.#ping();
    this.#lookLater(LOOK_EVERY_MS);
  }

  #probe(): void {
    this.#ping();
    const pingedAt = this.#pingedAt;
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.after(PROBE_WITHIN_MS, () => {
      if (this.#heardAt < pingedAt) this.#lost(0);
      else this.#lookLater(LOOK_EVERY_MS);
    });
  }

  #ping(): void {
    this.#pingedAt = this.#clock.now();
    this.#connection?.send(JSON.stringify({ type: "ping", ref: "ping" }));
  }

  #lost(code: number): void {
    const wasGood = this.#state === "open" && this.#clock.now() - this.#openedAt >= GOOD_AFTER_MS;
    this.#leave();
    if (code === CLOSED_SIGNED_OUT) this.#become("signed_out");
    else if (code === CLOSED_FOREIGN_ORIGIN) this.#become("refused");
    else this.#wait(wasGood ? 0 : this.#attempt, code === CLOSED_TOO_MANY ? TOO_MANY_WAIT_MS : 0);
  }

  #wait(attempt: number, atLeastMs: number): void {
    this.#attempt = attempt + 1;
    const delayMs = atLeastMs + waitMs(attempt, this.#clock.random());
    this.#cancelTimer = this.#clock.after(delayMs, () => this.#open());
    this.#become("waiting");
  }

  /** Drops the connection without hearing of it again. */
  #leave(): void {
    this.#cancelTimer();
    const connection = this.#connection;
    this.#connection = null;
    if (!connection) return;
    connection.onopen = connection.onmessage = connection.onclose = null;
    connection.close();
  }

  #become(state: SocketState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#listener.state(state);
  }
}
