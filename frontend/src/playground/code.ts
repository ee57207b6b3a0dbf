// A setup as a program that asks this Parley for the same, at its OpenAI-compatible address. Pure.

import type { Shape } from "../api/types";
import type { PromptMessage, Sampling, Setup, ToolSpec } from "./shapes";

export const LANGUAGES = ["python", "curl", "javascript"] as const;
export type Language = (typeof LANGUAGES)[number];

/** `model`: as `/v1/models` names it. `tools`: those that the setup names. `sampling`: what holds for this model. */
export type Asked = { origin: string; body: Body };
type Body = Record<string, unknown>;

export function askedOf(setup: Setup, { origin, model, tools, sampling }: AskedOptions): Asked {
  const {
    shape,
    reasoning,
    tools: named = [],
    functions = [],
    stop = [],
    ...numbers
  } = sampling ?? setup.parameters;
  const given = Object.entries(numbers).filter(([, value]) => value !== null && value !== undefined);
  const specs = [...tools.filter(({ name }) => named.includes(name)), ...functions];
  const body: Body = { model, messages: messagesOf(setup), ...Object.fromEntries(given) };
  if (stop.length) body.stop = stop;
  if (reasoning) body.reasoning_effort = reasoning;
  if (shape) Object.assign(body, shapedBy(shape));
  if (specs.length) body.tools = specs.map(toolOf);
  return { origin, body };
}

type AskedOptions = { origin: string; model: string; tools: readonly ToolSpec[]; sampling?: Sampling };

/** What OpenAI's dialect has no word for is asked for as vLLM is. */
function shapedBy(shape: Shape): Body {
  switch (shape.type) {
    case "json":
      return {
        response_format: {
          type: "json_schema",
          json_schema: { name: "answer", schema: shape.json_schema },
        },
      };
    case "regex":
      return { structured_outputs: { regex: shape.pattern } };
    case "choices":
      return { structured_outputs: { choice: shape.choices } };
  }
}

function messagesOf({ system, messages }: Setup): Body[] {
  const said = messages.flatMap((message) => (hasCalls(message) ? calledOf(message) : [saidOf(message)]));
  return system ? [{ role: "system", content: system }, ...said] : said;
}

const hasCalls = ({ parts }: PromptMessage) => parts.some(({ type }) => type === "tool_call");

function calledOf({ role, parts }: PromptMessage): Body[] {
  const text = parts.map((part) => (part.type === "text" ? part.text : "")).join("");
  const calls = parts.flatMap((part) =>
    part.type === "tool_call"
      ? [{ id: part.id, type: "function", function: { name: part.name, arguments: part.arguments } }]
      : [],
  );
  const results = parts.flatMap((part) =>
    part.type === "tool_result" ? [{ role: "tool", tool_call_id: part.id, content: part.text }] : [],
  );
  return [{ role, content: text || null, tool_calls: calls }, ...results];
}

function saidOf({ role, parts }: PromptMessage): Body {
  const texts = parts.flatMap((part) => (part.type === "text" ? [part.text] : []));
  if (texts.length === parts.length) return { role, content: texts.join("") };
  const content = parts.flatMap((part): Body[] => {
    if (part.type === "text") return [{ type: "text", text: part.text }];
    return part.type === "image" ? [{ type: "image_url", image_url: { url: part.url } }] : [];
  });
  return { role, content };
}

function toolOf({
  name,
  description,
  parameters,
}: Pick<ToolSpec, "name" | "description" | "parameters">): Body {
  return { type: "function", function: { name, description, parameters } };
}

const WRITERS: Record<Language, (asked: Asked) => string> = { python, curl, javascript };

export function codeIn(language: Language, asked: Asked): string {
  return WRITERS[language](asked);
}

function python({ origin, body }: Asked): string {
  // The client knows OpenAI's fields only; the others go out beside them.
  const { structured_outputs, ...known } = body;
  const sent = structured_outputs ? { ...known, extra_body: { structured_outputs } } : known;
  const fields = Object.entries(sent).map(([name, value]) => `    ${name}=${pythonOf(value, 4)},`);
  return `# pip install openai
import os

from openai import OpenAI

client = OpenAI(base_url=${pythonOf(`${origin}/v1`)}, api_key=os.environ["PARLEY_KEY"])
answer = client.chat.completions.create(
${fields.join("\n")}
)
message = answer.choices[0].message
print(message.content or message.tool_calls)
`;
}

/** Python's words for what JSON says, set as its formatter would. */
function pythonOf(value: unknown, indent = 0): string {
  if (value === null || value === undefined) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value === "number") return String(value);
  // Python reads every escape of JSON's, but for letters beyond U+FFFF: those stand as they are.
  if (typeof value === "string") return JSON.stringify(value);
  const inner = " ".repeat(indent + 4);
  const lines = Array.isArray(value)
    ? value.map((item) => `${inner}${pythonOf(item, indent + 4)},`)
    : Object.entries(value).map(
        ([name, item]) => `${inner}${JSON.stringify(name)}: ${pythonOf(item, indent + 4)},`,
      );
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return lines.length ? `${open}\n${lines.join("\n")}\n${" ".repeat(indent)}${close}` : `${open}${close}`;
}

function curl({ origin, body }: Asked): string {
  return `curl ${quoted(`${origin}/v1/chat/completions`)} \\
  -H "Authorization: Bearer $PARLEY_KEY" \\
  -H 'Content-Type: application/json' \\
  -d ${quoted(JSON.stringify(body, null, 2))}
`;
}

/** A shell reads nothing between single quotes but their end. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function javascript({ origin, body }: Asked): string {
  return `// Node.js 18 or newer, as a module (.mjs)
const response = await fetch(${JSON.stringify(`${origin}/v1/chat/completions`)}, {
  method: "POST",
  headers: {
    Authorization: \`Bearer \${process.env.PARLEY_KEY}\`,
    "Content-Type": "application/json",
  },
  body: JSON.stringify(${indented(JSON.stringify(body, null, 2))}),
});
const answer = await response.json();
if (!response.ok) throw new Error(answer.error.message);
const { message } = answer.choices[0];
console.log(message.content ?? message.tool_calls);
`;
}

function indented(text: string): string {
  return text.replaceAll("\n", "\n  ");
}
