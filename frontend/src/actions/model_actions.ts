// What owners and admins do with vendors, models and the model service of this machine.

import type { Endpoint, LocalModel, Model, ModelDownload } from "../api/types";
import { t } from "../i18n/t";
import { localModelsChanged, modelsChanged } from "../providers/changes";
import {
  askForModel,
  cancelModelDownload,
  createEndpoint,
  deleteEndpoint,
  type EndpointChange,
  modelDownloadsQuery,
  type NewEndpoint,
  offerLocalModel,
  pauseModelDownload,
  refreshEndpoint,
  updateEndpoint,
  updateModel,
  withdrawLocalModel,
} from "../providers/queries";
import { AddIcon, DeleteIcon, DoneIcon, DownloadIcon, PauseIcon, PlayIcon, RetryIcon } from "../shell/icons";
import type { Parley } from "../shell/parley";
import type { Action } from "./action";

/** Asks the vendor with the key first. */
export const addEndpoint: Action<NewEndpoint> = {
  name: "models.check",
  icon: AddIcon,
  allowed: () => true,
  perform: async (parley, given) => {
    const { name, models } = await createEndpoint(given);
    parley.toast.set(t("models.added", { name, count: models }));
    await modelsChanged(parley.queries);
  },
};

/** Its name, address, key or limits. */
export const saveEndpoint: Action<{ endpoint: Endpoint; change: EndpointChange }> = {
  name: "action.save",
  icon: DoneIcon,
  allowed: () => true,
  perform: async ({ queries }, { endpoint, change }) => {
    await updateEndpoint(endpoint, change);
    await modelsChanged(queries);
  },
};

export const switchEndpoint: Action<{ endpoint: Endpoint; enabled: boolean }> = {
  name: "action.save",
  icon: DoneIcon,
  allowed: () => true,
  perform: async ({ queries }, { endpoint, enabled }) => {
    await updateEndpoint(endpoint, { enabled }).finally(() => modelsChanged(queries));
  },
};

export const askVendor: Action<Endpoint> = {
  name: "endpoint.refresh",
  icon: RetryIcon,
  allowed: () => true,
  perform: async ({ queries }, { id }) => {
    await refreshEndpoint(id).finally(() => modelsChanged(queries));
  },
};

export const removeEndpoint: Action<Endpoint> = {
  name: "action.delete",
  icon: DeleteIcon,
  allowed: ({ source }) => source === "screen",
  perform: async ({ queries }, { id }) => {
    await deleteEndpoint(id);
    await modelsChanged(queries);
  },
};

export const switchModel: Action<{ model: Model; enabled: boolean }> = {
  name: "action.save",
  icon: DoneIcon,
  allowed: () => true,
  perform: async ({ queries }, { model, enabled }) => {
    await updateModel(model.id, { enabled }).finally(() => modelsChanged(queries));
  },
};

export const download: Action<{ name: string; revision: string }> = {
  name: "local.download",
  icon: DownloadIcon,
  allowed: () => true,
  perform: async (parley, wish) => {
    await askForModel(wish);
    await downloadsChanged(parley);
  },
};

export const pauseDownload: Action<ModelDownload> = {
  name: "local.pause",
  icon: PauseIcon,
  allowed: () => true,
  perform: async (parley, { name }) => {
    await pauseModelDownload(name).finally(() => downloadsChanged(parley));
  },
};

/** Where it was, or where it failed. */
export const resumeDownload: Action<ModelDownload> = {
  name: "local.resume",
  icon: PlayIcon,
  allowed: () => true,
  perform: async (parley, { name, revision }) => {
    await askForModel({ name, revision }).finally(() => downloadsChanged(parley));
  },
};

export const cancelDownload: Action<ModelDownload> = {
  name: "local.cancelConfirm",
  icon: DeleteIcon,
  allowed: () => true,
  perform: async (parley, { name }) => {
    await cancelModelDownload(name);
    await downloadsChanged(parley);
  },
};

/** From a folder of the model service's machine. */
export const offerModel: Action<{ name: string; folder: string }> = {
  name: "local.offer",
  icon: AddIcon,
  allowed: () => true,
  perform: async (parley, given) => {
    await offerLocalModel(given);
    parley.toast.set(t("local.offered", { name: given.name }));
    await localModelsChanged(parley.queries);
  },
};

/** Its files stay. */
export const withdrawModel: Action<LocalModel> = {
  name: "local.confirm",
  icon: DeleteIcon,
  allowed: () => true,
  perform: async ({ queries }, { name }) => {
    await withdrawLocalModel(name);
    await localModelsChanged(queries);
  },
};

const downloadsChanged = ({ queries }: Parley) =>
  queries.invalidateQueries({ queryKey: modelDownloadsQuery.queryKey });
