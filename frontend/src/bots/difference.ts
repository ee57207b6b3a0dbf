// What changed from one version of a bot to the next, field by field, in words.

import type { BotVersion } from "../api/types";
import type { Key } from "../i18n/t";
import { titleOf } from "../tools/names";
import { fieldsOfVersion } from "./fields";

export type Change = { field: Key; before: string; after: string };

/** By field of the form, in its order: how the field is called. */
const FIELDS = {
  name: "field.name",
  avatar: "bots.avatar",
  colour: "bots.colour",
  picture: "bots.picture",
  description: "bots.description",
  system_prompt: "bots.prompt",
  greeting: "bots.greeting",
  starters: "bots.starters",
  temperature: "bots.temperature",
  top_p: "bots.topP",
  max_tokens: "bots.maxTokens",
  seed: "bots.seed",
  stop: "bots.stop",
  reasoning: "bots.reasoning",
  tools: "bots.tools",
  shape: "bots.shapeKind",
  schema: "bots.schema",
  pattern: "bots.pattern",
  choices: "bots.choices",
  collections: "bots.knowledge",
} as const satisfies Record<string, Key>;

/** `before` is null for the first version: then everything that is not empty is new. */
export function changesBetween(before: BotVersion | null, after: BotVersion): Change[] {
  const [was, is] = [before ? textsOf(before) : {}, textsOf(after)];
  const changes = Object.entries(FIELDS).map(([name, field]) => ({
    field,
    before: was[name] ?? "",
    after: is[name] ?? "",
  }));
  const model: Change = { field: "bots.model", before: modelOf(before), after: modelOf(after) };
  return [...changes, model].filter((change) => change.before !== change.after);
}

function modelOf(version: BotVersion | null): string {
  return version?.model ? version.model.label || version.model.name : "";
}

function textsOf(version: BotVersion): Record<string, string> {
  const stored = fieldsOfVersion(version);
  const tools = stored.tools.map((name) => titleOf({ name, label: "" }));
  const fields = Object.entries({ ...stored, tools });
  return Object.fromEntries(
    fields.map(([name, value]) => [name, Array.isArray(value) ? value.join("\n") : (value ?? "")]),
  );
}
