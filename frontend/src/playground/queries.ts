import { queryOptions } from "@tanstack/react-query";
import { get, patch, post, remove } from "../api/client";
import type { Id, Page } from "../api/types";
import type { Preset, Run, RunLine, Setup, Standing, ToolSpec, Verdict } from "./shapes";

const ROOM = "/api/v1/playground";

export const runQuery = (id: Id) =>
  queryOptions({
    queryKey: ["run", id],
    queryFn: ({ signal }) => get<Run>(`${ROOM}/runs/${encodeURIComponent(id)}`, { signal }),
    // Its tapes keep it fresh; an ending asks again, for the figures.
    staleTime: Number.POSITIVE_INFINITY,
  });

export const runsQuery = queryOptions({
  queryKey: ["runs"],
  queryFn: async ({ signal }) => (await get<Page<RunLine>>(`${ROOM}/runs`, { signal })).items,
  staleTime: 0,
});

export const presetsQuery = queryOptions({
  queryKey: ["presets"],
  queryFn: async ({ signal }) => (await get<Page<Preset>>(`${ROOM}/presets`, { signal })).items,
});

export const toolsQuery = queryOptions({
  queryKey: ["tools", "specs"],
  queryFn: async ({ signal }) => (await get<Page<ToolSpec>>(`${ROOM}/tools`, { signal })).items,
  staleTime: Number.POSITIVE_INFINITY,
});

/** The same key never starts a second run. */
export const startRun = (key: Id, setup: Setup, blind: boolean) =>
  post<Run>(`${ROOM}/runs`, { key, setup, blind });

export const vote = (run: Id, verdict: Verdict) => post<Run>(`${ROOM}/runs/${run}/vote`, { verdict });

export const standingsQuery = queryOptions({
  queryKey: ["standings"],
  queryFn: ({ signal }) => get<{ models: Standing[]; bots: Standing[] }>("/api/v1/ratings", { signal }),
  staleTime: 0,
});

export const getPreset = (id: Id) => get<Preset>(`${ROOM}/presets/${encodeURIComponent(id)}`);

export const keepPreset = (name: string, setup: Setup, shared: boolean) =>
  post<Preset>(`${ROOM}/presets`, { name, setup, shared });

type PresetChange = { name?: string; setup?: Setup; shared?: boolean };

export const changePreset = ({ id, version }: Preset, change: PresetChange) =>
  patch<Preset>(`${ROOM}/presets/${id}`, { ...change, version });

export const deletePreset = (id: Id) => remove(`${ROOM}/presets/${id}`);
