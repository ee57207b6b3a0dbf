// What passes over the socket, in both directions.

import type { Id, Part, Posted } from "../api/types";
import type { Event } from "../conversation/answer";

export type PostFrame = {
  type: "message.post";
  ref: string;
  key: Id;
  conversation?: Id;
  bot?: Id;
  parent?: Id | null;
  parts: Part[];
  /** W3C traceparent. */
  trace?: string;
};

export type Sent =
  | PostFrame
  | { type: "generation.follow"; ref: string; generation: Id; after: number }
  | { type: "generation.unfollow"; ref: string; generation: Id }
  | { type: "generation.stop"; ref: string; generation: Id }
  | { type: "ping"; ref: string };

export type Ack = { type: "ack"; ref?: string; key?: Id } & Partial<Posted>;
export type EventFrame = { type: "event"; generation: Id; seq: number; at: number; event: Event };
/** `name` says what happened; which other fields there are depends on it. */
export type Fact = {
  type: "fact";
  name: string;
  conversation?: Id;
  message?: Id;
  answer?: Id;
  generation?: Id;
  title?: string;
  version?: number;
  leaf?: Id;
  status?: string;
};
export type ErrorFrame = {
  type: "error";
  ref?: string | null;
  code: string;
  message: string;
  /** Seconds. */
  retry_after?: number | null;
};
export type Pong = { type: "pong"; ref?: string };

export type Received = Ack | EventFrame | Fact | ErrorFrame | Pong;

const TYPES: ReadonlySet<unknown> = new Set(["ack", "event", "fact", "error", "pong"]);

/** A frame from its text, or null for what this version does not know. */
export function parseFrame(text: string): Received | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const isFrame = typeof value === "object" && value !== null && "type" in value && TYPES.has(value.type);
  // The cast is the border: the fields are the server's promise, kept by its schema test.
  return isFrame ? (value as Received) : null;
}

export function isPosted(ack: Ack): ack is Ack & Posted {
  return Boolean(ack.conversation && ack.message && ack.answer && ack.generation);
}
