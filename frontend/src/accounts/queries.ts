import { queryOptions } from "@tanstack/react-query";
import { get, patch, post, remove } from "../api/client";
import type { ApiKey, Id, Me, NewApiKey, Page, SignIn, Workspace, WorkspaceChange } from "../api/types";

export const keysQuery = queryOptions({
  queryKey: ["keys"],
  queryFn: async ({ signal }) => (await get<Page<ApiKey>>("/api/v1/keys", { signal })).items,
});

export const createKey = (name: string) => post<NewApiKey>("/api/v1/keys", { name });

export const deleteKey = (id: Id) => remove(`/api/v1/keys/${id}`);

export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: async ({ signal }) => (await get<Page<SignIn>>("/api/v1/sessions", { signal })).items,
  staleTime: 0,
});

export const endSession = (id: Id) => remove(`/api/v1/sessions/${id}`);

export const updateMe = (change: { name: string }) => patch<Me>("/api/v1/me", change);

export const updateWorkspace = (version: number, change: WorkspaceChange) =>
  patch<Workspace>("/api/v1/workspace", { ...change, version });
