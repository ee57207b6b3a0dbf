// One upload. Not `fetch`, which does not tell how far it has come.

import { cookie } from "../api/client";
import { Problem, problemFrom } from "../api/problem";
import type { Id, StoredFile } from "../api/types";
import { t } from "../i18n/t";

export type Parcel = { key: Id; name: string; blob: Blob };

/** Resolves when the server has it, durably. The same key again is the same file. Throws `Problem`. */
export type Upload = (
  parcel: Parcel,
  onProgress: (share: number) => void,
  signal: AbortSignal,
) => Promise<StoredFile>;

export const upload: Upload = ({ key, name, blob }, onProgress, signal) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/v1/files?${new URLSearchParams({ name, key })}`);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Content-Type", blob.type || "application/octet-stream");
    request.setRequestHeader("X-CSRFToken", cookie("csrftoken"));
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
    request.onload = () => {
      const body = parsed(request.responseText);
      // The cast is the border: the shape is the server's promise, kept by its own schema tests.
      if (request.status === 201) resolve(body as StoredFile);
      else reject(problemFrom(request.status, body, t("error.status", { status: request.status })));
    };
    request.onerror = () => reject(new Problem(t("error.unreachable"), { status: 0, code: "unreachable" }));
    request.onabort = () => reject(new DOMException("aborted", "AbortError"));
    signal.addEventListener("abort", () => request.abort());
    request.send(blob);
  });

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
