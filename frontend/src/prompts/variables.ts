// `{{words}}` in a prompt are asked for each time it is used.

const VARIABLE = /\{\{\s*([^{}]{1,60}?)\s*\}\}/gu;

/** Their names, each once, in the order in which they stand in the text. */
export function variablesOf(text: string): readonly string[] {
  return [...new Set([...text.matchAll(VARIABLE)].map(([, name = ""]) => name))];
}

/** The text with each variable replaced by what was given for it. What was given is taken as it is. */
export function filled(text: string, given: Readonly<Record<string, string>>): string {
  return text.replace(VARIABLE, (_whole, name: string) => given[name] ?? "");
}
