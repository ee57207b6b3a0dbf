// How people call tools. The name that a model calls one by is for programs.

import { useQuery } from "@tanstack/react-query";
import { type Key, t } from "../i18n/t";
import { toolsQuery } from "./queries";

/**
 * Those that every Parley has, in everybody's language. A test holds them to the table of the server. No plain object: a
 * model makes up names as it likes, and `constructor` is one that objects know.
 */
const BUILT_IN: ReadonlyMap<string, { title: Key; about: Key }> = new Map([
  ["calculate", { title: "tool.name.calculate", about: "tool.about.calculate" }],
  ["current_time", { title: "tool.name.current_time", about: "tool.about.current_time" }],
]);

type Named = { name: string; label: string; description?: string };

export function titleOf({ name, label }: Named): string {
  const known = BUILT_IN.get(name);
  return known ? t(known.title) : label || name;
}

/** What it does, for whoever chooses among tools; its description on the server is for models. */
export function aboutOf({ name, description = "" }: Named): string {
  const known = BUILT_IN.get(name);
  return known ? t(known.about) : description;
}

/** The same for a call, which says no more than the name. Asks the server only about what is not built in. */
export function useToolTitle(name: string): string {
  const tools = useQuery({ ...toolsQuery, enabled: !BUILT_IN.has(name) }).data;
  return titleOf(tools?.find((tool) => tool.name === name) ?? { name, label: "" });
}
