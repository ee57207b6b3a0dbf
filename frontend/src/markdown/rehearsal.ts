// The first answer would wait for more than its words: whatever reads Markdown is compiled when it first runs, which takes a
// phone longer than a frame. So a little of everything is read beforehand, while nobody waits.

import { whenIdle } from "./idle";
import { Reader } from "./reader";

/** Each is read in a moment of its own, so that none of them is felt. */
const PIECES = [
  "Some **bold** words, *others*, `code` and [a link](https://example.org).\n\nMore",
  "## A heading\n\n- one\n- two\n  - three\n\n1. four\n2. five\n\n> six",
  "| a | b |\n|---|---|\n| c | d |\n\n- [ ] a task\n\nA formula: $x^2$",
  "```text\ncode\n```\n\nA note[^1].\n\n[^1]: Of which there is [more][2].\n\n[2]: https://example.org",
];

/** Reads it all as answers come: growing, then whole. */
export async function rehearse(): Promise<void> {
  for (const piece of PIECES) {
    await new Promise<void>((resolve) => whenIdle(resolve));
    const reader = new Reader();
    for (let end = 1; end < piece.length; end = 2 * end) reader.read(piece.slice(0, end), true);
    reader.read(piece, false);
  }
}
