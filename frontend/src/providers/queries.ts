import { queryOptions } from "@tanstack/react-query";
import { get, patch, post, remove } from "../api/client";
import type { Endpoint, Id, LocalModel, Model, ModelDownload, Page, Vendor } from "../api/types";
import { isUnderWay } from "./downloads";

/** Those that may be talked to. */
export const modelsQuery = queryOptions({
  queryKey: ["models"],
  queryFn: async ({ signal }) => (await get<Page<Model>>("/api/v1/models", { signal })).items,
});

/** Disabled ones too, for admins. */
export const allModelsQuery = queryOptions({
  queryKey: ["models", "all"],
  queryFn: async ({ signal }) =>
    (await get<Page<Model>>("/api/v1/models", { signal, query: { all: "true" } })).items,
});

export const endpointsQuery = queryOptions({
  queryKey: ["endpoints"],
  queryFn: async ({ signal }) => (await get<Page<Endpoint>>("/api/v1/endpoints", { signal })).items,
});

export const vendorsQuery = queryOptions({
  queryKey: ["vendors"],
  queryFn: async ({ signal }) => (await get<Page<Vendor>>("/api/v1/vendors", { signal })).items,
});

export type NewEndpoint = { name: string; wire: string; base_url: string; api_key: string };

/** Asks the vendor with the key first; a key that does not work is refused with the vendor's own reason. */
export const createEndpoint = (given: NewEndpoint) => post<Endpoint>("/api/v1/endpoints", given);

export type EndpointChange = {
  name?: string;
  base_url?: string;
  api_key?: string;
  enabled?: boolean;
} & Partial<Pick<Endpoint, "max_concurrent" | "tokens_per_minute" | "dollars_per_month">>;

export const updateEndpoint = (endpoint: Endpoint, change: EndpointChange) =>
  patch<Endpoint>(`/api/v1/endpoints/${endpoint.id}`, { ...change, version: endpoint.version });

export const deleteEndpoint = (id: Id) => remove(`/api/v1/endpoints/${id}`);

export const refreshEndpoint = (id: Id) => post<unknown>(`/api/v1/endpoints/${id}/refresh`);

export const updateModel = (id: Id, change: Partial<Pick<Model, "label" | "enabled">>) =>
  patch<Model>(`/api/v1/models/${id}`, change);

const ABSENT_AGAIN_MS = 4000;

/** `problem`: why there are none, where no model service answers. */
export const localModelsQuery = queryOptions({
  queryKey: ["local models"],
  queryFn: ({ signal }) =>
    get<{ items: LocalModel[]; problem: string | null }>("/api/v1/local-models", { signal }),
  // It may be starting, and then it takes some seconds.
  refetchInterval: ({ state }) => (state.data?.problem ? ABSENT_AGAIN_MS : false),
});

/** A folder of the model service's machine; refused with what is missing in it. */
export const offerLocalModel = (given: { name: string; folder: string }) =>
  post<unknown>("/api/v1/local-models", given);

export const withdrawLocalModel = (name: string) => remove(`/api/v1/local-models/${pathOf(name)}`);

const LOOK_AGAIN_MS = 1000;

/** Looks again as long as one is under way. */
export const modelDownloadsQuery = queryOptions({
  queryKey: ["model downloads"],
  queryFn: async ({ signal }) =>
    (await get<Page<ModelDownload>>("/api/v1/model-downloads", { signal })).items,
  refetchInterval: ({ state }) => (state.data?.some(isUnderWay) ? LOOK_AGAIN_MS : false),
});

/** Begins, or goes on where it ended. */
export const askForModel = (given: { name: string; revision: string }) =>
  post<ModelDownload>("/api/v1/model-downloads", given);

export const pauseModelDownload = (name: string) =>
  post<unknown>(`/api/v1/model-downloads/${pathOf(name)}/pause`);

export const cancelModelDownload = (name: string) => remove(`/api/v1/model-downloads/${pathOf(name)}`);

function pathOf(name: string): string {
  return name.split("/").map(encodeURIComponent).join("/");
}
