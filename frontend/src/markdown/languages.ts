// What languages are also called, and what may stand within them: known without reading their grammars. A test compares.

const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  arduino: ["ino"],
  bash: ["sh", "zsh"],
  c: ["h"],
  cpp: ["cc", "c++", "h++", "hpp", "hh", "hxx", "cxx"],
  csharp: ["cs", "c#"],
  diff: ["patch"],
  go: ["golang"],
  graphql: ["gql"],
  ini: ["toml"],
  java: ["jsp"],
  javascript: ["js", "jsx", "mjs", "cjs"],
  json: ["jsonc", "json5"],
  kotlin: ["kt", "kts"],
  lua: ["pluto"],
  makefile: ["mk", "mak", "make"],
  markdown: ["md", "mkdown", "mkd"],
  objectivec: ["mm", "objc", "obj-c", "obj-c++", "objective-c++"],
  perl: ["pl", "pm"],
  plaintext: ["text", "txt"],
  python: ["py", "gyp", "ipython"],
  "python-repl": ["pycon"],
  ruby: ["rb", "gemspec", "podspec", "thor", "irb"],
  rust: ["rs"],
  shell: ["console", "shellsession"],
  typescript: ["ts", "tsx", "mts", "cts"],
  vbnet: ["vb"],
  xml: ["html", "xhtml", "rss", "atom", "xjb", "xsd", "xsl", "plist", "wsf", "svg"],
  yaml: ["yml"],
};

const WITHIN: Readonly<Record<string, readonly string[]>> = {
  javascript: ["xml", "css", "graphql"],
  markdown: ["xml"],
  "php-template": ["xml", "php"],
  "python-repl": ["python"],
  shell: ["bash"],
  typescript: ["xml", "css", "graphql"],
  xml: ["css", "javascript"],
  yaml: ["ruby"],
};

const GRAMMARS = new Map(
  Object.entries(OTHER_NAMES).flatMap(([grammar, names]) => names.map((name) => [name, grammar] as const)),
);

/** The name of its grammar, by any of its names; itself where it has none. */
export function grammarOf(language: string): string {
  const name = language.toLowerCase();
  return GRAMMARS.get(name) ?? name;
}

/** The grammars of what may stand within. */
export function withinOf(grammar: string): readonly string[] {
  return WITHIN[grammar] ?? [];
}
