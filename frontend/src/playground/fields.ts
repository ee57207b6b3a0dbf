// A setup as its form holds it: every field is text, as typed. Pure; the room keeps it.

import type { Id, ImagePart, TextPart } from "../api/types";
import type { Effort, PromptMessage, PromptRole, Sampling, Setup, Shape } from "./shapes";

export const MOST_MODELS = 4;

/** `key` names the box while its place changes. */
export type MessageFields = { key: number; role: PromptRole; text: string; images: readonly string[] };

export type ShapeKind = "none" | Shape["type"];

export type Fields = {
  system: string;
  messages: readonly MessageFields[];
  models: readonly Id[];
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
  shape: ShapeKind;
  /** Each kind keeps what was typed for it: the schema, the expression, one choice a line. */
  json: string;
  regex: string;
  choices: string;
};

export type TextField = "system" | "temperature" | "top_p" | "max_tokens" | "seed" | "stop" | Shape["type"];

export const emptyFields: Fields = {
  system: "",
  messages: [{ key: 1, role: "user", text: "", images: [] }],
  models: [],
  blind: false,
  temperature: "",
  top_p: "",
  max_tokens: "",
  seed: "",
  stop: "",
  reasoning: "",
  tools: [],
  shape: "none",
  json: '{\n  "type": "object",\n  "properties": {},\n  "required": []\n}',
  regex: "",
  choices: "",
};

export type Change =
  | { type: "load"; fields: Fields }
  | { type: "set"; change: Partial<Omit<Fields, "messages">> }
  | { type: "write"; key: number; change: Partial<Omit<MessageFields, "key">> }
  | { type: "add" }
  | { type: "remove"; key: number }
  | { type: "addModel"; model: Id }
  | { type: "setModel"; place: number; model: Id }
  | { type: "removeModel"; place: number };

export function changed(fields: Fields, change: Change): Fields {
  const { messages, models } = fields;
  switch (change.type) {
    case "load":
      return change.fields;
    case "set":
      return { ...fields, ...change.change };
    case "write":
      return {
        ...fields,
        messages: messages.map((one) => (one.key === change.key ? { ...one, ...change.change } : one)),
      };
    case "add":
      return { ...fields, messages: [...messages, nextMessage(messages)] };
    case "remove":
      return { ...fields, messages: messages.filter(({ key }) => key !== change.key) };
    case "addModel":
      return models.length < MOST_MODELS ? { ...fields, models: [...models, change.model] } : fields;
    case "setModel":
      return { ...fields, models: models.map((model, at) => (at === change.place ? change.model : model)) };
    case "removeModel":
      return { ...fields, models: models.filter((_, at) => at !== change.place) };
  }
}

/** Roles take turns, unless somebody says otherwise. */
function nextMessage(messages: readonly MessageFields[]): MessageFields {
  const key = Math.max(0, ...messages.map((message) => message.key)) + 1;
  return { key, role: messages.at(-1)?.role === "user" ? "assistant" : "user", text: "", images: [] };
}

export function fieldsOf({ system, messages, parameters, models }: Setup): Fields {
  const { shape } = parameters;
  return {
    ...emptyFields,
    system,
    models,
    messages: messages.map(messageFields),
    temperature: numberText(parameters.temperature),
    top_p: numberText(parameters.top_p),
    max_tokens: numberText(parameters.max_tokens),
    seed: numberText(parameters.seed),
    stop: (parameters.stop ?? []).map(escaped).join("\n"),
    reasoning: parameters.reasoning ?? "",
    tools: parameters.tools ?? [],
    shape: shape?.type ?? "none",
    json: shape?.type === "json" ? JSON.stringify(shape.json_schema, null, 2) : emptyFields.json,
    regex: shape?.type === "regex" ? shape.pattern : "",
    choices: shape?.type === "choices" ? shape.choices.join("\n") : "",
  };
}

function messageFields({ role, parts }: PromptMessage, index: number): MessageFields {
  const text = parts.map((part) => (part.type === "text" ? part.text : "")).join("");
  const images = parts.flatMap((part) => (part.type === "image" ? [part.url] : []));
  return { key: index + 1, role, text, images };
}

/** Null where the schema is no JSON object; all else the server judges. */
export function setupOf(fields: Fields): Setup | null {
  const shape = shapeOf(fields);
  if (shape === undefined) return null;
  return {
    system: fields.system,
    messages: fields.messages.map(({ role, text, images }) => ({
      role,
      parts: [...images.map(imagePart), ...(text ? [textPart(text)] : [])],
    })),
    parameters: samplingOf(fields, shape),
    models: [...fields.models],
  };
}

function samplingOf(fields: Fields, shape: Shape | null): Sampling {
  const sampling: Sampling = {};
  for (const name of ["temperature", "top_p", "max_tokens", "seed"] as const) {
    if (fields[name].trim() !== "") sampling[name] = Number(fields[name]);
  }
  const stop = linesOf(fields.stop).map(unescaped);
  if (stop.length) sampling.stop = stop;
  if (fields.reasoning) sampling.reasoning = fields.reasoning;
  if (fields.tools.length) sampling.tools = [...fields.tools];
  if (shape) sampling.shape = shape;
  return sampling;
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

export type Lack = "two" | "models" | "schema" | "last" | "empty";

/** What must be put right before it can run; null when nothing must. */
export function lackOf(fields: Fields): Lack | null {
  if (fields.models.length === 0) return "models";
  if (fields.blind && fields.models.length !== 2) return "two";
  if (fields.messages.at(-1)?.role !== "user") return "last";
  if (fields.messages.some(({ text, images }) => text.trim() === "" && images.length === 0)) return "empty";
  return setupOf(fields) === null ? "schema" : null;
}

const textPart = (text: string): TextPart => ({ type: "text", text });
const imagePart = (url: string): ImagePart => ({ type: "image", url });

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
