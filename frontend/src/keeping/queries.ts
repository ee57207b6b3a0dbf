// What a person takes along and brings along: long work on the server, told of by its rows.

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { get, post, remove, upload } from "../api/client";
import type { Id, Time } from "../api/types";

export type Export = {
  id: Id;
  status: "waiting" | "working" | "ready" | "failed";
  done: number;
  total: number;
  error: string;
  size_bytes: number;
  created_at: Time;
  expires_at: Time | null;
};

export type Outcome = "added" | "completed" | "here" | "left_out" | "failed";

export type Import = {
  id: Id;
  name: string;
  size_bytes: number;
  source: "" | "parley" | "chatgpt" | "open_webui";
  status: "waiting" | "working" | "found" | "ready" | "failed";
  is_chosen: boolean;
  /** How many of what was found may be stored. */
  choosable: number;
  done: number;
  total: number;
  error: string;
  files: number;
  bots: number;
  outcomes: Partial<Record<Outcome, number>>;
  created_at: Time;
};

export type NoteCode =
  | "images_left_out"
  | "files_left_out"
  | "audio_left_out"
  | "instructions_left_out"
  | "unknown_content"
  | "unknown_role"
  | "unreachable"
  | "unanswered"
  | "no_times"
  | "unreadable";

export type ImportItem = {
  place: number;
  title: string;
  said_at: Time | null;
  messages: number;
  is_known: boolean;
  is_chosen: boolean;
  outcome: "" | Outcome;
  added: number;
  conversation: Id | null;
  notes: { code: NoteCode; detail: string; count: number }[];
};

const LOOK_AGAIN_MS = 1000;

type Work = { status: string };

function isUnderWay({ status }: Work): boolean {
  return status === "waiting" || status === "working";
}

/** Asked again while something is under way, and not otherwise. */
function pace(work: readonly Work[] | undefined): number | false {
  return work?.some(isUnderWay) ? LOOK_AGAIN_MS : false;
}

export const exportsQuery = queryOptions({
  queryKey: ["exports"],
  queryFn: async ({ signal }) => (await get<{ items: Export[] }>("/api/v1/exports", { signal })).items,
  refetchInterval: ({ state }) => pace(state.data),
});

export const askForExport = () => post<Export>("/api/v1/exports");

export const deleteExport = (id: Id) => remove(`/api/v1/exports/${id}`);

export const exportAddress = (id: Id) => `/api/v1/exports/${id}`;

export const importsQuery = queryOptions({
  queryKey: ["imports"],
  queryFn: async ({ signal }) => (await get<{ items: Import[] }>("/api/v1/imports", { signal })).items,
  refetchInterval: ({ state }) => pace(state.data),
});

/** `noted`: only those of which something was not understood. */
export const importItemsQuery = (id: Id, { noted }: { noted: boolean }) =>
  infiniteQueryOptions({
    queryKey: ["imports", id, "items", noted],
    queryFn: ({ pageParam, signal }) =>
      get<{ items: ImportItem[]; next: number | null }>(`/api/v1/imports/${id}/items`, {
        signal,
        query: { limit: 200, cursor: pageParam, noted: String(noted) },
      }),
    initialPageParam: 0,
    getNextPageParam: (page) => page.next,
    staleTime: Number.POSITIVE_INFINITY,
  });

export const bringFile = (file: File, tell: (share: number) => void) =>
  upload<Import>("/api/v1/imports", file, { query: { name: file.name }, tell });

export const startImport = (id: Id, without: readonly number[]) =>
  post<Import>(`/api/v1/imports/${id}/start`, { without });

export const deleteImport = (id: Id) => remove(`/api/v1/imports/${id}`);
