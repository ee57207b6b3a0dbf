// Colours for code. Its own chunk: who never sees code never loads it.

import type { ElementContent, RootContent } from "hast";
import { common, createLowlight } from "lowlight";
import { createElement, type ReactNode } from "react";

const lowlight = createLowlight(common);
/** Beyond this, colouring takes longer than anybody wants to wait. */
const MOST_CHARACTERS = 60_000;

/** The code as coloured elements; null for a language we do not know. */
export function highlight(code: string, language: string): ReactNode | null {
  if (!lowlight.registered(language) || code.length > MOST_CHARACTERS) return null;
  return lowlight.highlight(language, code).children.map(coloured);
}

/** What lowlight makes is text in spans with classes; nothing else is taken from it. */
function coloured(node: RootContent | ElementContent, place: number): ReactNode {
  if (node.type === "text") return node.value;
  if (node.type !== "element") return null;
  const { className } = node.properties;
  const name = Array.isArray(className) ? className.join(" ") : undefined;
  return createElement("span", { key: place, className: name }, node.children.map(coloured));
}
