import type { ModelDownload } from "../api/types";

export function isUnderWay({ state }: ModelDownload): boolean {
  return state === "waiting" || state === "running";
}

/** From 0 to 1. */
export function shareOf({ done_bytes, total_bytes }: ModelDownload): number {
  return total_bytes ? Math.min(1, done_bytes / total_bytes) : 0;
}

/** Those whose model is here, as one text: another text means that there is another model to talk to. */
export function doneNames(downloads: readonly ModelDownload[]): string {
  return downloads
    .filter(({ state }) => state === "done")
    .map(({ name }) => name)
    .sort()
    .join(" ");
}
