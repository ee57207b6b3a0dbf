import { queryOptions } from "@tanstack/react-query";
import { get, patch, post, remove } from "../api/client";
import type { Id, Page, Prompt } from "../api/types";

export type PromptDraft = Pick<Prompt, "name" | "text" | "shared">;

export const promptsQuery = queryOptions({
  queryKey: ["prompts"],
  queryFn: async ({ signal }) => (await get<Page<Prompt>>("/api/v1/prompts", { signal })).items,
});

export const createPrompt = (draft: PromptDraft) => post<Prompt>("/api/v1/prompts", draft);

export const changePrompt = ({ id, version }: Prompt, draft: PromptDraft) =>
  patch<Prompt>(`/api/v1/prompts/${id}`, { ...draft, version });

export const deletePrompt = (id: Id) => remove(`/api/v1/prompts/${id}`);
