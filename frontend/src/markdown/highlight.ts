// Colours for code. Its own chunk: who never sees code never loads it.

import type { ElementContent, RootContent } from "hast";
import { common, createLowlight } from "lowlight";
import { createElement, type ReactNode } from "react";
import { grammarOf, withinOf } from "./languages";

/** Reading all grammars takes a phone longer than anybody wants to feel: each is read when its language is first seen. */
const lowlight = createLowlight();
/** Beyond this, colouring takes longer than anybody wants to wait. */
const MOST_CHARACTERS = 60_000;

/** The code as coloured elements; null for a language we do not know. */
export function highlight(code: string, language: string): ReactNode | null {
  const name = grammarOf(language);
  if (code.length > MOST_CHARACTERS || !isKnown(name)) return null;
  return lowlight.highlight(name, code).children.map(coloured);
}

/** Reads what `highlight` needs for a language, which takes longer than to colour a few lines with it. */
export function readGrammar(language: string): void {
  highlight("", language);
}

/** Reads the grammar and those of what may stand within. */
function isKnown(name: string): boolean {
  const grammar = Object.hasOwn(common, name) ? common[name] : undefined;
  if (!grammar) return false;
  if (!lowlight.registered(name)) {
    lowlight.register(name, grammar);
    for (const within of withinOf(name)) isKnown(within);
  }
  return true;
}

/** What lowlight makes is text in spans with classes; nothing else is taken from it. */
function coloured(node: RootContent | ElementContent, place: number): ReactNode {
  if (node.type === "text") return node.value;
  if (node.type !== "element") return null;
  const { className } = node.properties;
  const name = Array.isArray(className) ? className.join(" ") : undefined;
  return createElement("span", { key: place, className: name }, node.children.map(coloured));
}
