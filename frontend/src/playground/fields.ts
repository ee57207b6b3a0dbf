// A setup as its form holds it: every field is text, as typed. Pure; the room keeps it.

import type { Effort, Id, ImagePart, Shape, TextPart, ToolCallPart, ToolResultPart } from "../api/types";
import { readFunctions } from "./functions";
import type { PromptMessage, PromptPart, PromptRole, Sampling, Setup } from "./shapes";

export const MOST_MODELS = 4;

/** `key` names the box while its place changes. */
export type MessageFields = {
  key: number;
  role: PromptRole;
  text: string;
  images: readonly string[];
  calls?: readonly CallFields[];
  /** The place of the one model that is told this. */
  only?: number;
  /** The run in which that model called, and its place there: vendors may give two calls one id. */
  calledIn?: { run: Id; place: number };
};

/** A call that a model made of a person's own function, and what the person says it gave. */
export type CallFields = { id: string; name: string; arguments: string; opaque?: string; result: string };

const NUMBERS = ["temperature", "top_p", "max_tokens", "seed"] as const;
export type NumberField = (typeof NUMBERS)[number];

/** What holds for one model in place of what holds for all; empty: as for all. */
export type OwnFields = Record<NumberField, string> & { reasoning: "" | Effort };

export const emptyOwn: OwnFields = { temperature: "", top_p: "", max_tokens: "", seed: "", reasoning: "" };

export type ShapeKind = "none" | Shape["type"];

export type Fields = {
  system: string;
  messages: readonly MessageFields[];
  models: readonly Id[];
  /** By the place of the model. */
  own: readonly (OwnFields | null)[];
  /** Two models, whose names are hidden until one has voted. */
  blind: boolean;
  temperature: string;
  top_p: string;
  max_tokens: string;
  seed: string;
  /** One a line. */
  stop: string;
  reasoning: "" | Effort;
  tools: readonly string[];
  /** JSON of one's own functions. */
  functions: string;
  shape: ShapeKind;
  /** Each kind keeps what was typed for it: the schema, the expression, one choice a line. */
  json: string;
  regex: string;
  choices: string;
};

export type TextField =
  | "system"
  | "functions"
  | "temperature"
  | "top_p"
  | "max_tokens"
  | "seed"
  | "stop"
  | Shape["type"];

export const emptyFields: Fields = {
  system: "",
  messages: [{ key: 1, role: "user", text: "", images: [] }],
  models: [],
  own: [],
  blind: false,
  temperature: "",
  top_p: "",
  max_tokens: "",
  seed: "",
  stop: "",
  reasoning: "",
  tools: [],
  functions: "",
  shape: "none",
  json: '{\n  "type": "object",\n  "properties": {},\n  "required": []\n}',
  regex: "",
  choices: "",
};

/** What one model of a run called. `model`: null while a blind run hides it. */
export type Called = {
  run: Id;
  setup: Setup;
  place: number;
  model: Id | null;
  text: string;
  calls: readonly CallFields[];
};

export type Change =
  | { type: "load"; fields: Fields }
  | { type: "set"; change: Partial<Omit<Fields, "messages">> }
  | { type: "write"; key: number; change: Partial<Omit<MessageFields, "key">> }
  | { type: "add" }
  | { type: "remove"; key: number }
  | ({ type: "answerCalls" } & Called)
  | { type: "own"; place: number; own: OwnFields | null }
  | { type: "addModel"; model: Id }
  | { type: "setModel"; place: number; model: Id }
  | { type: "removeModel"; place: number };

export function changed(fields: Fields, change: Change): Fields {
  const { messages, models } = fields;
  switch (change.type) {
    case "load":
      return change.fields;
    case "set":
      return { ...fields, ...change.change, ...(change.change.models ? forOthers(messages) : {}) };
    case "write":
      return {
        ...fields,
        messages: messages.map((one) => (one.key === change.key ? { ...one, ...change.change } : one)),
      };
    case "add":
      return { ...fields, messages: [...messages, nextMessage(messages)] };
    case "remove":
      return { ...fields, messages: messages.filter(({ key }) => key !== change.key) };
    case "answerCalls":
      return goingOn(fields, change);
    case "own":
      return {
        ...fields,
        own: models.map((_, at) => (at === change.place ? change.own : (fields.own[at] ?? null))),
      };
    case "addModel":
      return models.length < MOST_MODELS ? { ...fields, models: [...models, change.model] } : fields;
    case "setModel":
      return { ...fields, models: models.map((model, at) => (at === change.place ? change.model : model)) };
    case "removeModel":
      return {
        ...fields,
        models: models.filter((_, at) => at !== change.place),
        messages: messages.flatMap((one) => without(change.place, one)),
        own: models.map((_, at) => fields.own[at] ?? null).filter((_, at) => at !== change.place),
      };
  }
}

/** Other models have no parameters of their own yet, and nothing that only they are told. */
function forOthers(messages: readonly MessageFields[]): Pick<Fields, "own" | "messages"> {
  return { own: [], messages: messages.filter(({ only }) => only === undefined) };
}

/** Roles take turns, unless somebody says otherwise. */
function nextMessage(messages: readonly MessageFields[]): MessageFields {
  const role = messages.at(-1)?.role === "user" ? "assistant" : "user";
  return { key: nextKey(messages), role, text: "", images: [] };
}

/** Only who called goes on, each with what its own calls gave: the others have answered already. */
function goingOn(fields: Fields, called: Called): Fields {
  const { run, setup, place, model, text, calls } = called;
  const call = { role: "assistant" as const, text, images: [], calls, calledIn: { run, place } };
  if (model === null) return { ...fields, messages: numbered([...fields.messages, call]) };
  const begun = fields.messages.flatMap(({ calledIn }) => (calledIn?.run === run ? [calledIn.place] : []));
  if (begun.includes(place)) return fields;
  const hasBegun = begun.length > 0;
  const models = hasBegun ? fields.models : [];
  const at = models.length;
  const toldBefore = setup.messages.map(messageFields).filter(({ only }) => only === place);
  const asides = [...toldBefore, call].map((one) => ({ ...one, only: at }));
  const kept = hasBegun ? fields.messages : fields.messages.filter(({ only }) => only === undefined);
  const own = samplingOwn(setup, place);
  return {
    ...fields,
    models: [...models, model],
    own: [...models.map((_, before) => fields.own[before] ?? null), own],
    messages: numbered([...kept, ...asides]),
  };
}

function samplingOwn({ own = [] }: Setup, place: number): OwnFields | null {
  const mine = own[place];
  return mine ? ownOf(mine) : null;
}

/** New messages get keys that no other has. */
function numbered(messages: readonly (Omit<MessageFields, "key"> & { key?: number })[]): MessageFields[] {
  let key = Math.max(0, ...messages.map((message) => message.key ?? 0));
  const seen = new Set<number>();
  return messages.map((message) => {
    const own = message.key !== undefined && !seen.has(message.key) ? message.key : ++key;
    seen.add(own);
    return { ...message, key: own };
  });
}

/** A model was taken out, and with it what only that one was told; those behind it move up. */
function without(place: number, message: MessageFields): MessageFields[] {
  const { only } = message;
  if (only === undefined || only < place) return [message];
  return only === place ? [] : [{ ...message, only: only - 1 }];
}

function nextKey(messages: readonly MessageFields[]): number {
  return Math.max(0, ...messages.map((message) => message.key)) + 1;
}

export function fieldsOf({ system, messages, parameters, models, own = [] }: Setup): Fields {
  const { shape } = parameters;
  return {
    ...emptyFields,
    system,
    models,
    own: own.map((sampling) => sampling && ownOf(sampling)),
    messages: messages.map(messageFields),
    ...ownOf(parameters),
    stop: (parameters.stop ?? []).map(escaped).join("\n"),
    tools: parameters.tools ?? [],
    functions: parameters.functions?.length ? JSON.stringify(parameters.functions, null, 2) : "",
    shape: shape?.type ?? "none",
    json: shape?.type === "json" ? JSON.stringify(shape.json_schema, null, 2) : emptyFields.json,
    regex: shape?.type === "regex" ? shape.pattern : "",
    choices: shape?.type === "choices" ? shape.choices.join("\n") : "",
  };
}

function ownOf(sampling: Sampling): OwnFields {
  return {
    temperature: numberText(sampling.temperature),
    top_p: numberText(sampling.top_p),
    max_tokens: numberText(sampling.max_tokens),
    seed: numberText(sampling.seed),
    reasoning: sampling.reasoning ?? "",
  };
}

function messageFields({ role, parts, only }: PromptMessage, index: number): MessageFields {
  const text = parts.map((part) => (part.type === "text" ? part.text : "")).join("");
  const images = parts.flatMap((part) => (part.type === "image" ? [part.url] : []));
  const message: MessageFields = {
    key: index + 1,
    role,
    text,
    images,
    ...(typeof only === "number" ? { only } : {}),
  };
  const calls = parts.flatMap((part) => (part.type === "tool_call" ? [callFields(part, parts)] : []));
  return calls.length ? { ...message, calls } : message;
}

function callFields(call: ToolCallPart, parts: readonly PromptPart[]): CallFields {
  const { id, name, arguments: given, opaque } = call;
  const result = parts.find((part) => part.type === "tool_result" && part.id === id);
  const fields = { id, name, arguments: given, result: result?.type === "tool_result" ? result.text : "" };
  return opaque ? { ...fields, opaque } : fields;
}

/** The calls of an answer that nobody has answered yet: those of a person's own functions. */
export function openCalls(parts: readonly { type: string }[]): CallFields[] {
  const prompt = parts as readonly PromptPart[];
  const answered = prompt.flatMap((part) => (part.type === "tool_result" ? [part.id] : []));
  return prompt.flatMap((part) =>
    part.type === "tool_call" && !answered.includes(part.id) ? [callFields(part, [])] : [],
  );
}

/** Null where the schema is no JSON object, or a function is not right; all else the server judges. */
export function setupOf(fields: Fields): Setup | null {
  const parameters = samplingOf(fields);
  if (parameters === null) return null;
  const own = fields.models.map((_, place) => fields.own[place]).map((mine) => ownSampling(parameters, mine));
  return {
    system: fields.system,
    messages: fields.messages.map(({ role, text, images, calls = [], only }) => ({
      role,
      // Where there is one model, all is told to all.
      ...(only !== undefined && fields.models.length > 1 ? { only } : {}),
      parts: [
        ...images.map(imagePart),
        ...(text ? [textPart(text)] : []),
        ...calls.map(callPart),
        ...calls.map(resultPart),
      ],
    })),
    parameters,
    models: [...fields.models],
    ...(own.some((mine) => mine !== null) ? { own } : {}),
  };
}

function samplingOf(fields: Fields): Sampling | null {
  const shape = shapeOf(fields);
  const functions = readFunctions(fields.functions);
  if (shape === undefined || "problem" in functions) return null;
  const sampling = numbersOf(fields);
  const stop = linesOf(fields.stop).map(unescaped);
  if (stop.length) sampling.stop = stop;
  if (fields.tools.length) sampling.tools = [...fields.tools];
  if (functions.length) sampling.functions = functions;
  if (shape) sampling.shape = shape;
  return sampling;
}

function numbersOf(fields: OwnFields): Sampling {
  const sampling: Sampling = {};
  for (const name of NUMBERS) {
    if (fields[name].trim() !== "") sampling[name] = Number(fields[name]);
  }
  if (fields.reasoning) sampling.reasoning = fields.reasoning;
  return sampling;
}

/** Null where nothing differs from what holds for all. */
function ownSampling(all: Sampling, own: OwnFields | null | undefined): Sampling | null {
  const mine = own ? numbersOf(own) : {};
  return Object.keys(mine).length ? { ...all, ...mine } : null;
}

/** What one model of a setup is told. */
export function setupFor(setup: Setup, model: Id): Setup {
  const { messages, models } = setup;
  const told = messages.filter(({ only }) => typeof only !== "number" || models[only] === model);
  return { ...setup, messages: told };
}

/** What holds for one model of a setup. */
export function samplingFor({ models, own = [], parameters }: Setup, model: Id): Sampling {
  return own[models.indexOf(model)] ?? parameters;
}

function shapeOf(fields: Fields): Shape | null | undefined {
  switch (fields.shape) {
    case "none":
      return null;
    case "regex":
      return { type: "regex", pattern: fields.regex };
    case "choices":
      return { type: "choices", choices: linesOf(fields.choices) };
    case "json": {
      const schema = objectOf(fields.json);
      return schema && { type: "json", json_schema: schema };
    }
  }
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

export type Lack = "two" | "models" | "schema" | "last" | "empty" | "result" | "functions";

/** What must be put right before it can run; null when nothing must. */
export function lackOf(fields: Fields): Lack | null {
  if (fields.models.length === 0) return "models";
  if (fields.blind && fields.models.length !== 2) return "two";
  const last = fields.messages.at(-1);
  if (last?.role !== "user" && !last?.calls?.length) return "last";
  if (
    fields.messages.some(({ text, images, calls }) => text.trim() === "" && !images.length && !calls?.length)
  )
    return "empty";
  if (fields.messages.some(({ calls = [] }) => calls.some(({ result }) => result.trim() === "")))
    return "result";
  if ("problem" in readFunctions(fields.functions)) return "functions";
  return setupOf(fields) === null ? "schema" : null;
}

const textPart = (text: string): TextPart => ({ type: "text", text });
const imagePart = (url: string): ImagePart => ({ type: "image", url });
const callPart = ({ id, name, arguments: given, opaque }: CallFields): ToolCallPart => ({
  type: "tool_call",
  id,
  name,
  arguments: given,
  ...(opaque ? { opaque } : {}),
});
const resultPart = ({ id, result }: CallFields): ToolResultPart => ({
  type: "tool_result",
  id,
  text: result,
  is_error: false,
});

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

/** A stop sequence may be a line break itself, which is typed as `\n`. */
function unescaped(line: string): string {
  return line.replace(/\\([nt\\])/g, (_, letter: string) => ({ n: "\n", t: "\t" })[letter] ?? letter);
}

function escaped(sequence: string): string {
  return sequence.replace(/[\\\n\t]/g, (letter) => ({ "\n": "\\n", "\t": "\\t" })[letter] ?? "\\\\");
}

function numberText(value: number | null | undefined): string {
  return value === null || value === undefined ? "" : String(value);
}
