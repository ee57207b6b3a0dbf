import { useDeferredValue } from "react";

/** What the tools below a message take, drawn or not. */
export const TOOLS_HEIGHT_PX = 34;

/**
 * The tools below a message are drawn after its words, in pieces between which the browser can do something else: they are
 * most of what a message takes to draw, and nobody needs them in the moment in which it comes into sight.
 */
export function useDeferredTools(): boolean {
  return useDeferredValue(true, false);
}
