// What happens most by far to a text while it is written: a few plain words more at the end of a paragraph. They need no
// grammar, however long the paragraph has become.

import type { Paragraph, PhrasingContent, Text } from "mdast";
import type { Node } from "./grammar";

/** Where none of these stands, nothing begins, ends or changes its meaning in the middle of a line. */
const PLAIN = /^[^\\`*_~[\]<>&|$:@\n\r\t-]*$/;
/** `www.` begins a link without any of them. */
const BARE_LINK = /www/i;
/** A line that begins with `|` may become a table's head. */
const BEGUN_LINE = /^\s*[^\s|]/;

type Growable = Paragraph & { children: [...PhrasingContent[], Text] };

/** Whether `source`, of which `blocks` were read as it stands, may go on with plain words. */
export function mayGrow(blocks: readonly Node[], source: string): boolean {
  return isGrowable(blocks.at(-1)) && BEGUN_LINE.test(source.slice(source.lastIndexOf("\n") + 1));
}

/** The blocks of `after`, which goes on from `before`; null where more than plain words were added. */
export function grown(blocks: readonly Node[], before: string, after: string): Node[] | null {
  const last = blocks.at(-1);
  if (!isGrowable(last) || !after.startsWith(before)) return null;
  const lastWord = Math.max(before.lastIndexOf(" "), before.lastIndexOf("\n")) + 1;
  const changed = after.slice(lastWord);
  if (!PLAIN.test(changed) || BARE_LINK.test(changed)) return null;
  const words = last.children.at(-1) as Text;
  // The grammar leaves out what ends a paragraph in spaces; now it stands between two words.
  const value = words.value + after.slice(endOfWords(before), endOfWords(after));
  const children = [...last.children.slice(0, -1), { ...words, value }];
  return [...blocks.slice(0, -1), { ...last, children }];
}

function isGrowable(node: Node | undefined): node is Growable {
  return node?.type === "paragraph" && node.children.at(-1)?.type === "text";
}

function endOfWords(text: string): number {
  let end = text.length;
  while (end > 0 && text[end - 1] === " ") end -= 1;
  return end;
}
