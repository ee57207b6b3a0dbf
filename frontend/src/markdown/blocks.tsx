// Blocks of Markdown as elements: the first of the two tables of what may be drawn. The other is `words.tsx`.

import type { AlignType, List, ListItem, Table } from "mdast";
import { createElement, memo, type ReactNode } from "react";
import { t } from "../i18n/t";
import { CodeBlock } from "./CodeBlock";
import { Diagram } from "./Diagram";
import type { Node } from "./grammar";
import { Tex } from "./Tex";
import { drawWords } from "./words";

type Props = {
  node: Node;
  /** It may go on: nothing is made of it yet that half of it would spoil. */
  isOpen?: boolean;
};

export function drawBlocks(nodes: readonly Node[]): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: blocks only ever grow at the end
  return nodes.map((node, place) => <Block key={place} node={node} />);
}

/** Drawn again only when the block is another object: what is settled is never touched. */
export const Block = memo(function Block({ node, isOpen = false }: Props): ReactNode {
  switch (node.type) {
    case "paragraph": {
      const [only] = node.children;
      const isFormula = node.children.length === 1 && only?.type === "inlineMath";
      return isFormula ? <Tex tex={only.value} isBlock /> : <p dir="auto">{drawWords(node.children)}</p>;
    }
    case "heading":
      return createElement(`h${node.depth}`, { dir: "auto" }, drawWords(node.children));
    case "blockquote":
      return <blockquote dir="auto">{drawBlocks(node.children)}</blockquote>;
    case "list":
      return <ListView list={node} />;
    case "code":
      return node.lang === "mermaid" && !isOpen ? (
        <Diagram source={node.value} />
      ) : (
        <CodeBlock code={node.value} language={node.lang ?? ""} isOpen={isOpen} />
      );
    case "math":
      return isOpen ? <pre className="tex-source">{node.value}</pre> : <Tex tex={node.value} isBlock />;
    case "table":
      return <TableView table={node} />;
    case "thematicBreak":
      return <hr />;
    case "html":
      return <p>{node.value}</p>;
    default:
      // Definitions and footnotes show where they are referred to; of anything else we know nothing.
      return null;
  }
});

function ListView({ list }: { list: List }) {
  const isTasks = list.children.some(({ checked }) => typeof checked === "boolean");
  // biome-ignore lint/suspicious/noArrayIndexKey: items only ever grow at the end
  const items = list.children.map((item, place) => <Item key={place} item={item} />);
  const className = isTasks ? "tasks" : undefined;
  if (!list.ordered)
    return (
      <ul className={className} dir="auto">
        {items}
      </ul>
    );
  return (
    <ol className={className} start={list.start ?? 1} dir="auto">
      {items}
    </ol>
  );
}

const Item = memo(function Item({ item }: { item: ListItem }) {
  if (typeof item.checked !== "boolean") return <li dir="auto">{itemContent(item)}</li>;
  return (
    <li className="task">
      <input
        type="checkbox"
        checked={item.checked}
        disabled
        aria-label={t(item.checked ? "markdown.done" : "markdown.toDo")}
      />
      <div dir="auto">{itemContent(item)}</div>
    </li>
  );
});

/** In a tight list words need no paragraph around them. */
function itemContent(item: ListItem): ReactNode {
  const [first, ...rest] = item.children;
  if (item.spread || first?.type !== "paragraph") return drawBlocks(item.children);
  return (
    <>
      {drawWords(first.children)}
      {drawBlocks(rest)}
    </>
  );
}

const ALIGNMENT = { left: undefined, right: "to-end", center: "to-middle" } as const;

function TableView({ table: { children: rows, align } }: { table: Table }) {
  const [head, ...body] = rows;
  return (
    // A wide table scrolls; it must be reachable without a mouse.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section className="wide" tabIndex={0} aria-label={t("markdown.table")}>
      <table>
        <thead>{head && <tr>{cells("th", head.children, align)}</tr>}</thead>
        <tbody>
          {body.map((row, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows only ever grow at the end
            <tr key={place}>{cells("td", row.children, align)}</tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function cells(
  kind: "th" | "td",
  row: Table["children"][number]["children"],
  align: AlignType[] | null | undefined,
) {
  return row.map((cell, column) =>
    createElement(
      kind,
      { key: column, className: ALIGNMENT[align?.[column] ?? "left"], dir: "auto" },
      drawWords(cell.children),
    ),
  );
}
