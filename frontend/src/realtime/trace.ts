// W3C Trace Context: lets the one who runs Parley see where the time of a question went, from this page to the model.

import type { Id } from "../api/types";
import { newKey } from "./key";

/**
 * The trace that belongs to a key: the same for every sending of a post. Its id is the key with its halves swapped, since
 * the server keeps a share of traces by the last half, and that of a UUID begins with two fixed bits.
 */
export function traceOf(key: Id): string {
  const hex = key.replaceAll("-", "");
  const [first, last] = [hex.slice(0, 16), hex.slice(16)];
  return `00-${last}${first}-${last}-01`;
}

export function newTrace(): string {
  return traceOf(newKey());
}
