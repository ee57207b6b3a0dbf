// The shapes of /api/v1/playground, as the server answers them.

import type {
  GenerationError,
  Id,
  ImagePart,
  MessageStatus,
  Parameters,
  Part,
  TextPart,
  Time,
  ToolCallPart,
  ToolResultPart,
} from "../api/types";

export type PromptRole = "user" | "assistant";

export type PromptPart = TextPart | ImagePart | ToolCallPart | ToolResultPart;

/** `only`: the place of the one model that is told this; such messages stand after those for all. */
export type PromptMessage = { role: PromptRole; parts: PromptPart[]; only?: number | null };

/** A bot's parameters, and functions of the person's own beside Parley's tools. */
export type Sampling = Parameters & { functions?: FunctionTool[] };

/** That the model may call, and whose result a person types. `parameters`: a JSON schema. */
export type FunctionTool = { name: string; description: string; parameters: Record<string, unknown> };

/** What is tried out. `models` are model cards; `own`: parameters of one of them, in place of those for all. */
export type Setup = {
  system: string;
  messages: PromptMessage[];
  parameters: Sampling;
  models: Id[];
  own?: (Sampling | null)[];
};

/** Null is what is not known. */
export type Figures = {
  took_s: number | null;
  first_word_s: number | null;
  tokens_per_s: number | null;
  input_tokens: number | null;
  output_tokens: number | null;
  estimated: boolean;
  dollars: number | null;
  /** Who answered, where the model is a rule. */
  model: string;
};

export type Column = {
  message: Id;
  model: { id: Id; label: string } | null;
  status: MessageStatus;
  parts: Part[];
  generation: { id: Id; status: string; last_seq: number; error: GenerationError | null } | null;
  figures: Figures | null;
};

export type RunLine = { id: Id; title: string; created_at: Time; temporary: boolean };

export const VERDICTS = ["a", "tie", "neither", "b"] as const;
export type Verdict = (typeof VERDICTS)[number];

/** `blind`: until there is a verdict, nobody is told which model is which. */
export type Run = RunLine & { setup: Setup; answers: Column[]; blind: boolean; verdict: Verdict | null };

export type Standing = {
  id: Id;
  label: string;
  likes: number;
  dislikes: number;
  wins: number;
  losses: number;
  ties: number;
  /** 0 to 1; null for a bot. */
  score: number | null;
};

export type Preset = {
  id: Id;
  name: string;
  setup: Setup;
  shared: boolean;
  owner: string;
  may_change: boolean;
  version: number;
};

export type ToolSpec = {
  name: string;
  label: string;
  description: string;
  parameters: Record<string, unknown>;
};
