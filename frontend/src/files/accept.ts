// What may be attached, told before anything is sent. The server judges again, by the same rules.

import { t } from "../i18n/t";
import { IMAGE_LIMIT_BYTES, redrawn, renamed } from "./picture";

export const MOST_FILES = 20;
/** So much of a file's beginning tells text from what no model can read. */
const HEAD_BYTES = 64 * 1024;
const PDF = [0x25, 0x50, 0x44, 0x46];

/** Ready to be uploaded. */
export type Accepted = { name: string; blob: Blob; isImage: boolean };

/** Throws an Error in words for the person. */
export async function accepted(file: File, limitBytes: number): Promise<Accepted> {
  const name = file.name || t("files.unnamed");
  if (!file.size) throw new Error(t("files.empty", { name }));
  if (file.type.startsWith("image/") && file.type !== "image/svg+xml") return picture(file, name);
  if (file.size > limitBytes) throw new Error(t("files.tooLarge", { name, limit: megabytes(limitBytes) }));
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const isPdf = PDF.every((byte, place) => head[place] === byte);
  if (!isPdf && !isText(head)) throw new Error(t("files.unreadable", { name }));
  return { name, blob: file, isImage: false };
}

async function picture(file: File, name: string): Promise<Accepted> {
  const blob = await redrawn(file).catch(() => {
    throw new Error(t("files.noPicture", { name }));
  });
  if (blob.size > IMAGE_LIMIT_BYTES)
    throw new Error(t("files.tooLarge", { name, limit: megabytes(IMAGE_LIMIT_BYTES) }));
  return { name: renamed(name, blob.type), blob, isImage: true };
}

/** UTF-8 without NUL; the last letter may be cut in two. */
export function isText(head: Uint8Array): boolean {
  if (head.includes(0)) return false;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

const megabytes = (bytes: number) => Math.floor(bytes / (1024 * 1024));
