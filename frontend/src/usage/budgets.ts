// Budgets: how much a person, or the whole workspace, may use.

import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { get, put } from "../api/client";
import type { Budget, Id, Limits, Page } from "../api/types";

/** Whose budget: the whole workspace's where `user` is null. */
export type BudgetOf = { user: Id | null; name: string };

export const LIMITS = ["tokens_per_month", "dollars_per_month", "tokens_per_minute", "concurrent"] as const;
export type Limit = keyof Limits;

export const NO_LIMITS: Limits = {
  tokens_per_month: null,
  dollars_per_month: null,
  tokens_per_minute: null,
  concurrent: null,
};

const KEY = ["budgets"] as const;
const PATH = "/api/v1/budgets";

export const budgetsQuery = queryOptions({
  queryKey: [...KEY, "all"],
  queryFn: async ({ signal }) => (await get<Page<Budget>>(PATH, { signal })).items,
  staleTime: 0,
});

/** The workspace's and one's own, where there are such. */
export const myBudgetsQuery = queryOptions({
  queryKey: [...KEY, "mine"],
  queryFn: async ({ signal }) => (await get<Page<Budget>>(`${PATH}/mine`, { signal })).items,
  staleTime: 0,
});

/** The whole budget; without any limit it is taken away. */
export async function putBudget(queries: QueryClient, user: Id | null, limits: Limits): Promise<void> {
  await put<Page<Budget>>(PATH, user === null ? limits : { ...limits, user });
  await queries.invalidateQueries({ queryKey: KEY });
}

export function limitsOf(budget: Limits | undefined): Limits {
  if (!budget) return NO_LIMITS;
  const { tokens_per_month, dollars_per_month, tokens_per_minute, concurrent } = budget;
  return { tokens_per_month, dollars_per_month, tokens_per_minute, concurrent };
}

/** What a form holds, as the server wants it: an empty field is no limit. */
export function limitsFrom(typed: Readonly<Record<Limit, string>>): Limits {
  const limit = (name: Limit) => (typed[name].trim() === "" ? null : Number(typed[name]));
  return {
    tokens_per_month: limit("tokens_per_month"),
    dollars_per_month: limit("dollars_per_month"),
    tokens_per_minute: limit("tokens_per_minute"),
    concurrent: limit("concurrent"),
  };
}

/** How much of a limit is used, from 0 to 1. A limit of nothing is used up. */
export function shareOf(used: number, limit: number): number {
  return limit > 0 ? Math.min(1, used / limit) : 1;
}
