// Markdown as models write it: CommonMark, GitHub's tables, tasks and footnotes, and mathematics.

import type { FootnoteDefinition, RootContent } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { mathFromMarkdown } from "mdast-util-math";
import { gfm } from "micromark-extension-gfm";
import { math } from "micromark-extension-math";

export type Node = RootContent;
export type { FootnoteDefinition };

const extensions = [gfm({ singleTilde: false }), math()];
const mdastExtensions = [gfmFromMarkdown(), mathFromMarkdown()];

export function parse(text: string): Node[] {
  return fromMarkdown(withDollars(text), { extensions, mdastExtensions }).children;
}

const CODE_OR_TEX = /(```[\s\S]*?(?:```|$)|`[^`\n]*`)|\\\(([^\n]+?)\\\)|(^[ \t]*)\\\[([\s\S]+?)\\\]/gm;

/** TeX between `\(…\)` and `\[…\]` goes between dollars, which the grammar knows. Every place in the text stays the same. */
function withDollars(text: string): string {
  if (!text.includes("\\(") && !text.includes("\\[")) return text;
  return text.replace(
    CODE_OR_TEX,
    (
      whole: string,
      code: string | undefined,
      inline: string | undefined,
      before: string | undefined,
      block: string | undefined,
    ) => {
      if (code !== undefined) return whole;
      if (inline !== undefined) return `$$${inline}$$`;
      return `${before ?? ""}$$${block ?? ""}$$`;
    },
  );
}
