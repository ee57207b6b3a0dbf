import { queryOptions } from "@tanstack/react-query";
import { get, post } from "../api/client";
import type { Id, Shape } from "../api/types";

/** A version never changes, so neither does what its answers look like. */
export const shapeQuery = (bot: Id, version: number) =>
  queryOptions({
    queryKey: ["shape", bot, version],
    queryFn: async ({ signal }) =>
      (await get<{ shape: Shape | null }>(`/api/v1/bots/${bot}/shape`, { signal, query: { version } })).shape,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

/** What a model would be told of such an answer; empty where nothing is wrong with it. */
export const checkShape = async (shape: Shape, text: string) =>
  (await post<{ wrong: string }>("/api/v1/shapes/check", { shape, text })).wrong;
