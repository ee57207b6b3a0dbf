// What the server knows of conversations: reads, and the few writes that are not posts.

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { get, patch, post, remove } from "../api/client";
import type {
  Conversation,
  ConversationSummary,
  Folder,
  Id,
  Kept,
  Page,
  SearchHit,
  Share,
  Shared,
} from "../api/types";

const PAGE_SIZE = 50;
const HITS = 30;

export const conversationsQuery = infiniteQueryOptions({
  queryKey: ["conversations"],
  queryFn: ({ pageParam, signal }) =>
    get<Page<ConversationSummary>>("/api/v1/conversations", {
      signal,
      query: { limit: PAGE_SIZE, cursor: pageParam },
    }),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
});

export const conversationKey = (id: Id) => ["conversation", id] as const;

export const conversationQuery = (id: Id) =>
  queryOptions({
    queryKey: conversationKey(id),
    queryFn: ({ signal }) => get<Conversation>(`/api/v1/conversations/${encodeURIComponent(id)}`, { signal }),
    // Facts keep an open conversation fresh, and a reconnect asks again.
    staleTime: Number.POSITIVE_INFINITY,
  });

export const searchQuery = (words: string) =>
  infiniteQueryOptions({
    queryKey: ["search", words],
    queryFn: ({ pageParam, signal }) =>
      get<Page<SearchHit>>("/api/v1/search", { signal, query: { q: words, limit: HITS, cursor: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    enabled: words.trim() !== "",
  });

const path = (id: Id) => `/api/v1/conversations/${encodeURIComponent(id)}`;

export const renameConversation = (id: Id, title: string, version: number) =>
  patch<ConversationSummary>(path(id), { title, version });

export const chooseLeaf = (id: Id, leaf: Id) => patch<ConversationSummary>(path(id), { leaf });

export const deleteConversation = (id: Id) => remove(path(id));

export const clearConversation = (id: Id) => post<null>(`${path(id)}/clear`);

// --- Keeping ---

/** Which conversations a list shows, and in which order. */
export type Shelf = { folder: Id | null; tag: string; archived: boolean; order: "newest" | "oldest" };

export const libraryQuery = ({ folder, tag, archived, order }: Shelf) =>
  infiniteQueryOptions({
    queryKey: ["library", folder, tag, archived, order],
    queryFn: ({ pageParam, signal }) =>
      get<Page<ConversationSummary>>("/api/v1/conversations", {
        signal,
        query: { limit: PAGE_SIZE, cursor: pageParam, folder, tag, archived: String(archived), order },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

const MOST_PINNED = 100;

export const pinnedQuery = queryOptions({
  queryKey: ["pinned"],
  queryFn: async ({ signal }) =>
    (
      await get<Page<ConversationSummary>>("/api/v1/conversations", {
        signal,
        query: { limit: MOST_PINNED, pinned: "true" },
      })
    ).items,
});

export const foldersQuery = queryOptions({
  queryKey: ["folders"],
  queryFn: async ({ signal }) => (await get<Page<Folder>>("/api/v1/folders", { signal })).items,
});

export const tagsQuery = queryOptions({
  queryKey: ["tags"],
  queryFn: async ({ signal }) => (await get<Page<string>>("/api/v1/tags", { signal })).items,
});

export const keepConversation = (id: Id, changes: Partial<Kept>) =>
  patch<ConversationSummary>(path(id), changes);

export const createFolder = (name: string) => post<Folder>("/api/v1/folders", { name });

export const renameFolder = (id: Id, name: string) => patch<Folder>(`/api/v1/folders/${id}`, { name });

export const deleteFolder = (id: Id) => remove(`/api/v1/folders/${id}`);

export const forkConversation = (id: Id, message: Id) =>
  post<{ id: Id; title: string }>(`${path(id)}/fork`, { message });

export const createTemporary = (bot: Id | null) =>
  post<ConversationSummary>("/api/v1/conversations", bot ? { temporary: true, bot } : { temporary: true });

export const sharesQuery = (id: Id) =>
  queryOptions({
    queryKey: ["shares", id],
    queryFn: async ({ signal }) => (await get<Page<Share>>(`${path(id)}/shares`, { signal })).items,
  });

export const shareConversation = (id: Id, days: number | null) => post<Share>(`${path(id)}/shares`, { days });

export const endShare = (id: Id) => remove(`/api/v1/shares/${id}`);

export const sharedQuery = (token: string) =>
  queryOptions({
    queryKey: ["shared", token],
    queryFn: ({ signal }) => get<Shared>(`/api/v1/shared/${encodeURIComponent(token)}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
