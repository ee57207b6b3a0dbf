// What a text refers to and where it stands: read by the chips and links in it.

import { createContext, type ReactNode, useContext } from "react";
import type { FootnoteDefinition, Node } from "./grammar";

export type Passage = { title: string; path: string; text: string };

export type Cited = {
  passages: ReadonlyMap<number, Passage>;
  footnotes: ReadonlyMap<string, FootnoteDefinition>;
  /** Addresses by the name of their definition. */
  links: ReadonlyMap<string, string>;
  /** How a footnote's blocks become elements. */
  draw(nodes: readonly Node[]): ReactNode;
};

const NOTHING: Cited = { passages: new Map(), footnotes: new Map(), links: new Map(), draw: () => null };

export const CitedContext = createContext(NOTHING);

export function useCited(): Cited {
  return useContext(CitedContext);
}
