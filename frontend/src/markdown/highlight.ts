// Colours for code. Its own chunk: who never sees code never loads it.

import { toJsxRuntime } from "hast-util-to-jsx-runtime";
import { common, createLowlight } from "lowlight";
import type { ReactNode } from "react";
import { Fragment, jsx, jsxs } from "react/jsx-runtime";

const lowlight = createLowlight(common);
/** Beyond this, colouring takes longer than anybody wants to wait. */
const MOST_CHARACTERS = 60_000;

/** The code as coloured elements; null for a language we do not know. */
export function highlight(code: string, language: string): ReactNode | null {
  if (!lowlight.registered(language) || code.length > MOST_CHARACTERS) return null;
  return toJsxRuntime(lowlight.highlight(language, code), { Fragment, jsx, jsxs });
}
