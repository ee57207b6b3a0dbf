// How long things are kept, as an owner chooses it, and what a choice would take away.

import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { get, post, put } from "../api/client";
import type { Retention, RetentionDays, RetentionFate } from "../api/types";

export const KINDS = ["conversations", "archives", "files", "usage"] as const;
export type Kind = keyof RetentionDays;

/** Days that are offered; 0 is for ever. */
export const DAYS = [0, 7, 30, 90, 180, 365, 730] as const;

const PATH = "/api/v1/retention";

export const retentionQuery = queryOptions({
  queryKey: ["retention"],
  queryFn: ({ signal }) => get<Retention>(PATH, { signal }),
  staleTime: 0,
});

export const fateQuery = (days: RetentionDays) =>
  queryOptions({
    queryKey: ["retention-fate", days],
    queryFn: () => post<RetentionFate>(`${PATH}/preview`, days),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });

export const putRetention = (days: RetentionDays, version: number) =>
  put<Retention>(PATH, { ...days, version });

export function isSame(one: RetentionDays, other: RetentionDays): boolean {
  return KINDS.every((kind) => one[kind] === other[kind]);
}

export function isNothing(fate: RetentionFate): boolean {
  return !(fate.conversations || fate.archives || fate.files || fate.usage_records);
}

/** What is offered for a kind: the usual ones, and whatever is chosen already, shortest first and for ever last. */
export function offered(chosen: number | null): number[] {
  const all = new Set<number>(chosen === null ? DAYS : [...DAYS, chosen]);
  return [...all].sort((a, b) => (a || Number.POSITIVE_INFINITY) - (b || Number.POSITIVE_INFINITY));
}
