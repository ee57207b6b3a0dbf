import { queryOptions } from "@tanstack/react-query";
import { get, patch, post, put, remove } from "../api/client";
import type { Audience, Bot, BotDetail, BotDraft, BotVersion, DeletedBot, Id, Page } from "../api/types";

export const botsQuery = queryOptions({
  queryKey: ["bots"],
  queryFn: async ({ signal }) => (await get<Page<Bot>>("/api/v1/bots", { signal })).items,
});

/** Those that this person may restore. Asked again with the bots. */
export const deletedBotsQuery = queryOptions({
  queryKey: ["bots", "deleted"],
  queryFn: async ({ signal }) => (await get<Page<DeletedBot>>("/api/v1/bots/deleted", { signal })).items,
});

export const botQuery = (id: Id) =>
  queryOptions({
    queryKey: ["bot", id],
    queryFn: ({ signal }) => get<BotDetail>(`/api/v1/bots/${encodeURIComponent(id)}`, { signal }),
    staleTime: 0,
  });

export const versionsQuery = (id: Id) =>
  queryOptions({
    queryKey: ["bot", id, "versions"],
    queryFn: async ({ signal }) =>
      (await get<Page<BotVersion>>(`/api/v1/bots/${encodeURIComponent(id)}/versions`, { signal })).items,
    staleTime: 0,
  });

export const createBot = (draft: BotDraft, audience: Audience) =>
  post<BotDetail>("/api/v1/bots", { ...draft, audience });

export const updateBot = (id: Id, version: number, draft: BotDraft, audience?: Audience) =>
  patch<BotDetail>(`/api/v1/bots/${id}`, audience ? { ...draft, audience, version } : { ...draft, version });

export const archiveBot = (id: Id) => remove(`/api/v1/bots/${id}`);

export const restoreBot = (id: Id) => post<BotDetail>(`/api/v1/bots/${id}/restore`);

/** One's own bot that plays a draft; it stands in no list. */
export const playDraft = (draft: BotDraft) => put<{ id: Id; version: number }>("/api/v1/bots/preview", draft);
