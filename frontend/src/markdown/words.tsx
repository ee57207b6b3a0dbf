// Words of Markdown as elements: the second of the two tables of what may be drawn. The other is `blocks.tsx`.

import type { PhrasingContent } from "mdast";
import { Fragment, type ReactNode } from "react";
import { Footnote, mayRefer, References } from "./chips";
import { NamedLink, NamedPicture, OutwardLink, Picture } from "./links";
import { Tex } from "./Tex";

export function drawWords(nodes: readonly PhrasingContent[]): ReactNode {
  return nodes.map((node, place) => {
    if (node.type === "text" && !mayRefer(node.value)) return piecesOf(node.value);
    // biome-ignore lint/suspicious/noArrayIndexKey: words are drawn anew as a whole
    return <Fragment key={place}>{word(node)}</Fragment>;
  });
}

const PIECE = 1000;

/** A long text is several nodes: when it grows, the browser shapes anew only the last of them. */
function piecesOf(text: string): string | string[] {
  if (text.length <= PIECE) return text;
  const pieces: string[] = [];
  let start = 0;
  for (let end = 0; end >= 0; start = end) {
    end = text.indexOf(" ", start + PIECE);
    pieces.push(text.slice(start, end < 0 ? undefined : end));
  }
  return pieces;
}

function word(node: PhrasingContent): ReactNode {
  switch (node.type) {
    case "text":
      return <References text={node.value} />;
    case "emphasis":
      return <em>{drawWords(node.children)}</em>;
    case "strong":
      return <strong>{drawWords(node.children)}</strong>;
    case "delete":
      return <del>{drawWords(node.children)}</del>;
    case "inlineCode":
      return <code dir="ltr">{node.value}</code>;
    case "break":
      return <br />;
    case "inlineMath":
      return <Formula tex={node.value} length={lengthOf(node)} />;
    case "link":
      return <OutwardLink address={node.url}>{drawWords(node.children)}</OutwardLink>;
    case "linkReference":
      return <NamedLink name={node.identifier}>{drawWords(node.children)}</NamedLink>;
    case "image":
      return <Picture address={node.url} alt={node.alt ?? ""} />;
    case "imageReference":
      return <NamedPicture name={node.identifier} alt={node.alt ?? ""} />;
    case "footnoteReference":
      return <Footnote name={node.identifier} />;
    case "html":
      // Models break lines in tables so; every other tag stays the text it is.
      return /^<br\s*\/?>$/i.test(node.value) ? <br /> : node.value;
    default:
      return null;
  }
}

function lengthOf(node: PhrasingContent): number {
  const { position } = node;
  return (position?.end.offset ?? 0) - (position?.start.offset ?? 0);
}

/** Between single dollars there may be money: "$5 and $10" is no formula. */
function Formula({ tex, length }: { tex: string; length: number }) {
  const isSingle = length === tex.length + 2;
  const isMoney =
    isSingle && (/^\s|\s$/.test(tex) || /^\d[\d.,]*\s/.test(tex) || /\s\S*$/.exec(tex)?.[0] === " ");
  return isMoney ? `$${tex}$` : <Tex tex={tex} />;
}
