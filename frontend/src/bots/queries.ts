import { queryOptions } from "@tanstack/react-query";
import { get, patch, post, remove } from "../api/client";
import type { Bot, BotDetail, BotDraft, Id, Page } from "../api/types";

export const botsQuery = queryOptions({
  queryKey: ["bots"],
  queryFn: async ({ signal }) => (await get<Page<Bot>>("/api/v1/bots", { signal })).items,
});

export const botQuery = (id: Id) =>
  queryOptions({
    queryKey: ["bot", id],
    queryFn: ({ signal }) => get<BotDetail>(`/api/v1/bots/${id}`, { signal }),
    staleTime: 0,
  });

export const createBot = (draft: BotDraft) => post<BotDetail>("/api/v1/bots", draft);

export const updateBot = (id: Id, draft: BotDraft, version: number) =>
  patch<BotDetail>(`/api/v1/bots/${id}`, { ...draft, version });

export const archiveBot = (id: Id) => remove(`/api/v1/bots/${id}`);
