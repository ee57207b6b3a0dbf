import type { KeyboardEvent } from "react";

/** Safari reports the Enter that ends a composition with this code, after the composition has ended. */
const COMPOSING_KEY_CODE = 229;

/** Enter sends; with Shift it is a new line; while an input method composes it belongs to that. */
export function isSendKey({ key, shiftKey, nativeEvent }: KeyboardEvent): boolean {
  const isComposing = nativeEvent.isComposing || nativeEvent.keyCode === COMPOSING_KEY_CODE;
  return key === "Enter" && !shiftKey && !isComposing;
}
