// A long text in stretches of a few blocks, of which the browser goes over those only that are in sight: neither laying out
// nor painting what is written takes longer for all that stands above it.

import { memo } from "react";
import { Block } from "./blocks";
import type { Node } from "./grammar";

/** So many blocks at least are a stretch. */
const FEWEST = 6;

export type Placed = { start: number; nodes: readonly Node[] };

/** The blocks in stretches, which stay what they are while blocks come at the end. */
export function stretchesOf(blocks: readonly Node[]): Placed[] {
  const stretches: Placed[] = [];
  let start = 0;
  for (let end = 1; end <= blocks.length; end += 1) {
    const isLong = end - start >= FEWEST && mayEnd(blocks[end - 1]);
    if (!isLong && end < blocks.length) continue;
    stretches.push({ start, nodes: blocks.slice(start, end) });
    start = end;
  }
  return stretches;
}

/** Below these there is the least room of all, so that whatever comes next, as much is known to lie double (`prose.ts`). */
function mayEnd(node: Node | undefined): boolean {
  if (node?.type === "paragraph") return node.children[0]?.type !== "inlineMath";
  return node?.type === "list" || node?.type === "blockquote";
}

type Props = {
  nodes: readonly Node[];
  /** Its last block may go on. */
  isOpen: boolean;
  /** It is whole, and need not be drawn while it is out of sight. */
  isSkipped: boolean;
};

export const Stretch = memo(
  function Stretch({ nodes, isOpen, isSkipped }: Props) {
    return (
      <div className={isSkipped ? "stretch skipped" : "stretch"}>
        {nodes.map((node, place) => (
          // Blocks only ever grow at the end, so their place is their identity.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <Block key={place} node={node} isOpen={isOpen && place === nodes.length - 1} />
        ))}
      </div>
    );
  },
  (before, after) =>
    before.isOpen === after.isOpen &&
    before.isSkipped === after.isSkipped &&
    before.nodes.length === after.nodes.length &&
    before.nodes.every((node, place) => node === after.nodes[place]),
);
