// What a person takes along and brings along, and how long things are kept.

import type { RetentionDays } from "../api/types";
import { t } from "../i18n/t";
import {
  askForExport,
  bringFile,
  deleteExport,
  deleteImport,
  type Export,
  exportsQuery,
  type Import,
  importsQuery,
  startImport,
} from "../keeping/queries";
import { putRetention, retentionQuery } from "../keeping/retention";
import { AddIcon, DeleteIcon, DoneIcon, DownloadIcon } from "../shell/icons";
import type { Parley } from "../shell/parley";
import type { Action } from "./action";

/** Long work on the server: what it is doing now is asked for again, also after a refusal. */
async function looking(parley: Parley, queryKey: readonly unknown[], work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } finally {
    await parley.queries.invalidateQueries({ queryKey });
  }
}

export const makeArchive: Action<null> = {
  name: "data.exportDo",
  icon: DownloadIcon,
  allowed: () => true,
  perform: (parley) => looking(parley, exportsQuery.queryKey, askForExport()),
};

export const removeArchive: Action<Export> = {
  name: "action.delete",
  icon: DeleteIcon,
  allowed: () => true,
  perform: (parley, { id }) => looking(parley, exportsQuery.queryKey, deleteExport(id)),
};

/** `tell` hears how much of the file is there, from 0 to 1. */
export const bring: Action<{ file: File; tell: (share: number) => void }> = {
  name: "import.file",
  icon: AddIcon,
  allowed: () => true,
  perform: (parley, { file, tell }) => {
    tell(0);
    return looking(parley, importsQuery.queryKey, bringFile(file, tell));
  },
};

/** `without`: the places in the file that stay out. */
export const storeImport: Action<{ work: Import; without: readonly number[] }> = {
  name: "import.start",
  icon: DoneIcon,
  allowed: () => true,
  perform: (parley, { work, without }) =>
    looking(parley, importsQuery.queryKey, startImport(work.id, without)),
};

export const removeImport: Action<Import> = {
  name: "action.delete",
  icon: DeleteIcon,
  allowed: () => true,
  perform: (parley, { id }) => looking(parley, importsQuery.queryKey, deleteImport(id)),
};

export const saveRetention: Action<{ days: RetentionDays; version: number }> = {
  name: "action.save",
  icon: DoneIcon,
  allowed: () => true,
  perform: async (parley, { days, version }) => {
    parley.queries.setQueryData(retentionQuery.queryKey, await putRetention(days, version));
    parley.toast.set(t("settings.saved"));
  },
};
