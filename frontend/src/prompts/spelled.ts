// A message that begins with the name of a prompt, and the words that go out in its place.

import type { Prompt } from "../api/types";

/** A path has more slashes behind its first word, so it is none. */
const SPELLED = /^\s*\/([\p{L}\p{N}_-]{1,40})(?:\s+([\s\S]*))?$/u;

export type Spelled = { name: string; rest: string };

/** Null: the message calls no prompt. `rest` is what was typed behind the name. */
export function spelledIn(text: string): Spelled | null {
  const found = SPELLED.exec(text);
  return found ? { name: (found[1] ?? "").toLocaleLowerCase(), rest: (found[2] ?? "").trim() } : null;
}

export function promptNamed(prompts: readonly Prompt[] | undefined, name: string): Prompt | undefined {
  return prompts?.find((prompt) => prompt.name.toLocaleLowerCase() === name);
}
