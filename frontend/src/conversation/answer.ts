// The fold of a tape: the one place where events become an answer, be they live, replayed or reloaded.
// The server folds the same way (engine/draft.py); the tapes under tests/tapes hold both to it.

import type { GenerationError, Part } from "../api/types";

export type Event =
  | { type: "started"; model: string; attempt: number }
  | { type: "delta"; text: string }
  | { type: "reasoning"; text: string }
  | { type: "tool_call"; id: string; name: string; arguments: string; opaque?: string }
  | { type: "tool_result"; id: string; text: string; is_error: boolean }
  | { type: "citation"; number: number; title: string; path: string; text: string }
  | { type: "notice"; code: string; text?: string }
  | { type: "usage"; input_tokens: number; output_tokens: number }
  | { type: "reset" }
  | { type: "finished"; reason: string }
  | { type: "stopped" }
  | { type: "failed"; code: string; message: string; retryable: boolean }
  | { type: "interrupted" };

export type Numbered = { seq: number; event: Event };

export type Notice = { code: string; text: string };

export type AnswerStatus = "queued" | "writing" | "completed" | "stopped" | "failed" | "interrupted";

export type AnswerState = {
  /** Of the last event folded in. */
  seq: number;
  status: AnswerStatus;
  parts: readonly Part[];
  notices: readonly Notice[];
  model: string | null;
  attempt: number;
  usage: { input_tokens: number; output_tokens: number } | null;
  error: GenerationError | null;
  /** Why it finished, where it did: "length" means it was cut at the most tokens it may write. */
  reason: string | null;
};

export type Step =
  | { type: "next"; state: AnswerState }
  /** Seen before, or after the end. */
  | { type: "ignored" }
  /** Events are missing: follow again after `after`. */
  | { type: "gap"; after: number };

export const emptyAnswer: AnswerState = {
  seq: 0,
  status: "queued",
  parts: [],
  notices: [],
  model: null,
  attempt: 0,
  usage: null,
  error: null,
  reason: null,
};

export function hasEnded(status: AnswerStatus): boolean {
  return status !== "queued" && status !== "writing";
}

/** One event onto an answer. Numbers never repeat, so what came already changes nothing. */
export function step(state: AnswerState, { seq, event }: Numbered): Step {
  if (seq <= state.seq || hasEnded(state.status)) return { type: "ignored" };
  if (seq > state.seq + 1) return { type: "gap", after: state.seq };
  return { type: "next", state: { ...fold(state, event), seq } };
}

function fold(state: AnswerState, event: Event): AnswerState {
  switch (event.type) {
    case "started":
      return { ...state, status: "writing", model: event.model, attempt: event.attempt };
    case "delta":
      return writing(state, withText(state.parts, "text", event.text));
    case "reasoning":
      return writing(state, withText(state.parts, "reasoning", event.text));
    case "tool_call":
    case "tool_result":
    case "citation":
      return writing(state, [...state.parts, event]);
    case "notice":
      return { ...state, notices: [...state.notices, { code: event.code, text: event.text ?? "" }] };
    case "usage":
      return { ...state, usage: { input_tokens: event.input_tokens, output_tokens: event.output_tokens } };
    case "reset":
      return { ...state, parts: [], notices: [], usage: null };
    case "finished":
      return { ...state, status: "completed", reason: event.reason };
    case "failed":
      return { ...state, status: "failed", error: errorOf(event) };
    case "stopped":
    case "interrupted":
      return { ...state, status: event.type };
    default:
      // A newer server may say more than we know. Its number counts; its words do not.
      return state;
  }
}

function writing(state: AnswerState, parts: readonly Part[]): AnswerState {
  return { ...state, status: "writing", parts };
}

function errorOf({ code, message, retryable }: GenerationError): GenerationError {
  return { code, message, retryable };
}

/** Neighbouring pieces of one kind are one part. */
function withText(parts: readonly Part[], type: "text" | "reasoning", text: string): readonly Part[] {
  const last = parts.at(-1);
  if (last?.type !== type) return [...parts, { type, text }];
  return [...parts.slice(0, -1), { type, text: last.text + text }];
}

/** The words a person reads: without reasoning, tools and citations. */
export function textOf(parts: readonly Part[]): string {
  return parts.map((part) => (part.type === "text" ? part.text : "")).join("");
}
