// The router's rules: as the server keeps them, and as their form holds them.

import { queryOptions } from "@tanstack/react-query";
import { get, patch, post, remove } from "../api/client";
import type { Id, Page } from "../api/types";

export const KINDS = ["code", "maths", "translation", "summary", "writing", "other"] as const;
export type Kind = (typeof KINDS)[number];
export type By = "order" | "weight" | "cost" | "speed" | "rating";

/** For which messages a step is; what is null or empty does not matter. Lengths are in tokens. */
export type When = {
  images: boolean | null;
  tools: boolean | null;
  longer_than: number | null;
  shorter_than: number | null;
  languages: string[];
  kinds: Kind[];
};

export type Step = { when: When; models: { model: Id; weight: number }[]; by: By };

export type Rule = { id: Id; name: string; model: Id; live: boolean; steps: Step[]; version: number };

export type Tried = {
  message: Id;
  conversation: Id;
  excerpt: string;
  model: string | null;
  then: string[];
  reasons: string[];
  dollars: number | null;
};

export type Decision = { rule: string | null; model: string; reasons: string[]; took_us: number };

export const rulesQuery = queryOptions({
  queryKey: ["rules"],
  queryFn: async ({ signal }) => (await get<Page<Rule>>("/api/v1/rules", { signal })).items,
  staleTime: 0,
});

export const decisionQuery = (message: Id) =>
  queryOptions({
    queryKey: ["decision", message],
    queryFn: ({ signal }) => get<Decision>(`/api/v1/messages/${message}/decision`, { signal }),
    retry: false,
  });

export type Written = { name: string; steps: Step[]; live: boolean };

export const createRule = (rule: Written) => post<Rule>("/api/v1/rules", rule);

export const updateRule = ({ id, version }: Rule, changes: Partial<Written>) =>
  patch<Rule>(`/api/v1/rules/${id}`, { ...changes, version });

export const deleteRule = (id: Id) => remove(`/api/v1/rules/${id}`);

export const tryRule = async (steps: Step[]) =>
  (await post<Page<Tried>>("/api/v1/rules/try", { steps })).items;

export const emptyStep: Step = {
  when: { images: null, tools: null, longer_than: null, shorter_than: null, languages: [], kinds: [] },
  models: [],
  by: "order",
};

/** `list` with what stands at `place` moved up (-1) or down (1). */
export function moved<Item>(list: readonly Item[], place: number, by: -1 | 1): Item[] {
  const next = [...list];
  const [item] = next.splice(place, 1);
  if (item !== undefined) next.splice(place + by, 0, item);
  return next;
}
