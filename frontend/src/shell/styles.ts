// Where styles go, for each direction of reading.

import createCache, { type EmotionCache } from "@emotion/cache";
import { directionOf, type Locale } from "../i18n/locale";

/** Made once for each direction: what mirrors styles is loaded only where somebody reads from the right. */
const caches = new Map<"ltr" | "rtl", EmotionCache>();

export async function prepareStyles(locale: Locale): Promise<void> {
  const direction = directionOf(locale);
  if (caches.has(direction)) return;
  const given = { key: direction, nonce: styleNonce(), prepend: true };
  if (direction === "ltr") {
    caches.set(direction, createCache(given));
    return;
  }
  const { prefixer, rtl } = await import("./rtl");
  caches.set(direction, createCache({ ...given, stylisPlugins: [prefixer, rtl] }));
}

export function stylesFor(locale: Locale): EmotionCache {
  const cache = caches.get(directionOf(locale));
  if (!cache) throw new Error("prepareStyles comes first");
  return cache;
}

/** Where the server's policy wants a nonce on style elements, it names it here. */
function styleNonce(): string | undefined {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce || undefined;
}
