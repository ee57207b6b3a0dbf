// What the server knows of conversations: reads, and the few writes that are not posts.

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { get, patch, remove } from "../api/client";
import type { Conversation, ConversationSummary, Id, Page, SearchHit } from "../api/types";

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
