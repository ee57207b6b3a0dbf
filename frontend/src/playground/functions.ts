// Functions of a person's own, as typed or pasted: JSON of one or of several, bare or as OpenAI's dialect has them. Pure.

import type { FunctionTool } from "./shapes";

const NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** `number`: which of them, from 1. */
export type FunctionProblem = {
  problem: "json" | "name" | "description" | "parameters" | "twice";
  number: number;
  detail: string;
};

export const FUNCTION_EXAMPLE = `{
  "name": "get_weather",
  "description": "The weather of a town",
  "parameters": {
    "type": "object",
    "properties": { "town": { "type": "string" } },
    "required": ["town"]
  }
}`;

export function readFunctions(text: string): FunctionTool[] | FunctionProblem {
  if (text.trim() === "") return [];
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch (error) {
    return { problem: "json", number: 1, detail: error instanceof Error ? error.message : "" };
  }
  const found: FunctionTool[] = [];
  for (const [index, one] of (Array.isArray(said) ? said : [said]).entries()) {
    const read = readOne(one, index + 1);
    if ("problem" in read) return read;
    if (found.some(({ name }) => name === read.name))
      return { problem: "twice", number: index + 1, detail: read.name };
    found.push(read);
  }
  return found;
}

function readOne(said: unknown, number: number): FunctionTool | FunctionProblem {
  const bare = isObject(said) && said.type === "function" && isObject(said.function) ? said.function : said;
  if (!isObject(bare)) return { problem: "json", number, detail: "" };
  const { name, description = "", parameters = { type: "object", properties: {} } } = bare;
  if (typeof name !== "string" || !NAME.test(name))
    return { problem: "name", number, detail: String(name ?? "") };
  if (typeof description !== "string") return { problem: "description", number, detail: name };
  if (!isObject(parameters) || parameters.type !== "object")
    return { problem: "parameters", number, detail: name };
  return { name, description, parameters };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
