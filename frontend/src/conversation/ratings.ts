// What this person thinks of answers.

import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { get, post } from "../api/client";
import type { Id, Page } from "../api/types";

export const REASONS = ["wrong", "unhelpful", "instructions", "style", "unsafe", "refused"] as const;
export type Reason = (typeof REASONS)[number];

export type Rating = { message: Id; value: -1 | 0 | 1; reason: "" | Reason };

const ratingsKey = (conversation: Id) => ["ratings", conversation] as const;

export const ratingsQuery = (conversation: Id) =>
  queryOptions({
    queryKey: ratingsKey(conversation),
    queryFn: async ({ signal }) =>
      (
        await get<Page<Rating>>(`/api/v1/conversations/${encodeURIComponent(conversation)}/ratings`, {
          signal,
        })
      ).items,
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Shown at once; what the server refuses is taken back. 0 takes a rating back. */
export async function rate(queries: QueryClient, conversation: Id, rating: Rating): Promise<void> {
  const key = ratingsKey(conversation);
  const before = queries.getQueryData<Rating[]>(key);
  queries.setQueryData<Rating[]>(key, [
    ...(before ?? []).filter(({ message }) => message !== rating.message),
    ...(rating.value ? [rating] : []),
  ]);
  try {
    const { value, reason } = rating;
    await post<Rating>(`/api/v1/messages/${rating.message}/rating`, { value, reason });
  } catch (problem) {
    queries.setQueryData(key, before);
    throw problem;
  }
}
