// A bot as its form holds it: every field is as typed, so that nothing is lost before it makes sense.

import { Problem } from "../api/problem";
import type {
  Audience,
  BotDetail,
  BotDraft,
  BotVersion,
  Effort,
  Face,
  Id,
  Parameters,
  Role,
  Shape,
  Who,
} from "../api/types";
import { t } from "../i18n/t";

export type BotFields = Face & {
  description: string;
  model: string;
  system_prompt: string;
  greeting: string;
  /** One a line, as are stops, choices and people. */
  starters: string;
  temperature: string;
  top_p: string;
  max_tokens: string;
  seed: string;
  stop: string;
  reasoning: Effort | "";
  tools: string[];
  shape: Shape["type"] | "";
  schema: string;
  pattern: string;
  choices: string;
  collections: Id[];
  who: Who;
  roles: Role[];
  people: string;
};

export const emptyFields: BotFields = {
  name: "",
  avatar: "",
  colour: "",
  picture: null,
  description: "",
  model: "",
  system_prompt: "",
  greeting: "",
  starters: "",
  temperature: "",
  top_p: "",
  max_tokens: "",
  seed: "",
  stop: "",
  reasoning: "",
  tools: [],
  shape: "",
  schema: "",
  pattern: "",
  choices: "",
  collections: [],
  who: "everyone",
  roles: [],
  people: "",
};

export function fieldsOf(bot: BotDetail): BotFields {
  return {
    ...fieldsOfVersion({
      ...bot,
      system_prompt: bot.system_prompt ?? "",
      parameters: bot.parameters ?? {},
      collections: bot.collections ?? [],
    }),
    who: bot.audience,
    roles: bot.roles ?? [],
    people: (bot.people ?? []).join("\n"),
  };
}

type Content = Omit<BotVersion, "number" | "made_by" | "created_at">;

/** What a version holds; whom the bot is for is none of it. */
export function fieldsOfVersion(version: Content): BotFields {
  const { temperature, top_p, max_tokens, seed, stop, reasoning, tools, shape } = version.parameters;
  return {
    ...emptyFields,
    name: version.name,
    avatar: version.avatar,
    colour: version.colour,
    picture: version.picture,
    description: version.description,
    model: version.model?.id ?? "",
    system_prompt: version.system_prompt,
    greeting: version.greeting,
    starters: version.starters.join("\n"),
    temperature: typed(temperature),
    top_p: typed(top_p),
    max_tokens: typed(max_tokens),
    seed: typed(seed),
    stop: (stop ?? []).join("\n"),
    reasoning: reasoning ?? "",
    tools: tools ?? [],
    shape: shape?.type ?? "",
    schema: shape?.type === "json" ? JSON.stringify(shape.json_schema, null, 2) : "",
    pattern: shape?.type === "regex" ? shape.pattern : "",
    choices: shape?.type === "choices" ? shape.choices.join("\n") : "",
    collections: version.collections,
  };
}

/** Throws `Problem`, with the field, where what was typed cannot even be sent. */
export function draftOf(fields: BotFields): BotDraft {
  return {
    name: fields.name.trim(),
    avatar: fields.avatar.trim(),
    colour: fields.colour,
    picture: fields.picture,
    description: fields.description.trim(),
    model: fields.model || null,
    system_prompt: fields.system_prompt,
    greeting: fields.greeting,
    starters: linesOf(fields.starters),
    parameters: parametersOf(fields),
    collections: fields.collections,
  };
}

export function audienceOf({ who, roles, people }: BotFields): Audience {
  return who === "chosen" ? { who, roles, people: linesOf(people) } : { who, roles: [], people: [] };
}

/** Null where an answer may look as it likes. */
export function shapeOf(fields: BotFields): Shape | null {
  switch (fields.shape) {
    case "json":
      return { type: "json", json_schema: schemaOf(fields.schema) };
    case "regex":
      return { type: "regex", pattern: fields.pattern };
    case "choices":
      return { type: "choices", choices: linesOf(fields.choices) };
    default:
      return null;
  }
}

function parametersOf(fields: BotFields): Parameters {
  const parameters: Parameters = {};
  if (fields.temperature !== "") parameters.temperature = Number(fields.temperature);
  if (fields.top_p !== "") parameters.top_p = Number(fields.top_p);
  if (fields.max_tokens !== "") parameters.max_tokens = Number(fields.max_tokens);
  if (fields.seed !== "") parameters.seed = Number(fields.seed);
  const stop = fields.stop.split("\n").filter(Boolean);
  if (stop.length) parameters.stop = stop;
  if (fields.reasoning) parameters.reasoning = fields.reasoning;
  if (fields.tools.length) parameters.tools = fields.tools;
  const shape = shapeOf(fields);
  if (shape) parameters.shape = shape;
  return parameters;
}

function schemaOf(text: string): { [keyword: string]: unknown } {
  try {
    const schema: unknown = JSON.parse(text);
    if (typeof schema === "object" && schema !== null && !Array.isArray(schema)) return { ...schema };
  } catch (error) {
    throw shapeProblem(t("bots.notJson", { problem: error instanceof Error ? error.message : "" }));
  }
  throw shapeProblem(t("bots.noSchema"));
}

function shapeProblem(message: string): Problem {
  return new Problem(message, { status: 422, code: "invalid", fields: { "parameters.shape": message } });
}

function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}

function typed(value: number | null | undefined): string {
  return value === null || value === undefined ? "" : String(value);
}
