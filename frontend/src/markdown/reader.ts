// Reads Markdown while it grows: what is settled is parsed once and keeps its identity; only the last block is read again.

import type { Code, Definition, List, ListItem } from "mdast";
import { type FootnoteDefinition, type Node, parse } from "./grammar";
import { grown, mayGrow } from "./growth";
import { mended } from "./mend";

export type Read = {
  /** The same objects as before, as far as nothing about them changed. */
  blocks: readonly Node[];
  footnotes: ReadonlyMap<string, FootnoteDefinition>;
  /** Addresses by the name of their definition. */
  links: ReadonlyMap<string, string>;
};

type Placed = { type: string; position?: Node["position"] };

const FENCE = /^ {0,3}(`{3,}|~{3,})[ \t]*([^\n`]*)\n/;
/** An item that stands deeper than this would be code if it were read alone. */
const DEEPEST_INDENT = 3;
/** Parts the definitions from the text, which may begin with spaces that would belong to the last footnote. */
const WALL = "[parley:end]: #\n\n";

export class Reader {
  #text = "";
  #isOpen = true;
  #read: Read | null = null;
  /** Where the part begins that is read again. */
  #cut = 0;
  #settled: Node[] = [];
  /** The text of each settled block. */
  #sources: string[] = [];
  /** The list that the open part goes on with, and its finished items. */
  #list: List | null = null;
  #items: ListItem[] = [];
  /** They give meaning to references that stand anywhere, so they are read before each part. */
  #definitions = "";
  /** The end was read as it stands, and is words; `mayEnd`: nothing else waits to be settled with it. */
  #mayGrow = false;
  #mayEnd = false;

  /** `isOpen`: more text may follow. */
  read(text: string, isOpen: boolean): Read {
    if (this.#read && text === this.#text && isOpen === this.#isOpen) return this.#read;
    const more = this.#grown(text, isOpen);
    if (!more && (!text.startsWith(this.#text) || !this.#isOpen)) this.#forget();
    this.#text = text;
    this.#isOpen = isOpen;
    if (more) {
      this.#read = more;
      return more;
    }
    const open = this.#readTail(text.slice(this.#cut), isOpen);
    const blocks = [...this.#settled, ...open];
    const footnotes = kept(this.#read?.footnotes, footnotesIn(blocks));
    this.#read = { blocks, footnotes, links: kept(this.#read?.links, linksIn(blocks)) };
    return this.#read;
  }

  /** What needs no grammar; null for everything else. */
  #grown(text: string, isOpen: boolean): Read | null {
    if (!this.#read || !this.#isOpen || !(isOpen ? this.#mayGrow : this.#mayEnd)) return null;
    const blocks = grown(this.#read.blocks, this.#text, text);
    return blocks && { ...this.#read, blocks };
  }

  #forget(): void {
    this.#mayGrow = this.#mayEnd = false;
    this.#cut = 0;
    this.#settled = [];
    this.#sources = [];
    this.#list = null;
    this.#items = [];
    this.#definitions = "";
  }

  /** Settles what no further text can change. Returns what further text can. */
  #readTail(tail: string, isOpen: boolean): Node[] {
    this.#mayGrow = this.#mayEnd = false;
    const code = isOpen && !this.#items.length ? openCode(tail) : null;
    if (code) return [code];
    const prefix = this.#definitions && this.#definitions + WALL;
    const shown = isOpen ? mended(tail) : tail;
    const nodes = parse(prefix + shown).filter((node) => startOf(node) >= prefix.length);
    const lines = new Lines(tail, prefix.length, commonLength(tail, shown));
    const merged = this.#withItems(nodes);
    this.#mayGrow = shown === tail && mayGrow(merged, tail);
    this.#mayEnd = this.#mayGrow && merged.length === 1;
    const finished = isOpen ? lines.finished(nodes) : nodes.length;
    if (finished > 0) this.#settle(merged.slice(0, finished), nodes, lines);
    const open = nodes[finished];
    if (isOpen && open?.type === "list" && finished === nodes.length - 1) this.#settleItems(open, lines);
    else if (open) this.#cut += finished > 0 ? lines.startOfLine(open) : 0;
    else if (!isOpen) this.#cut += tail.length;
    return merged.slice(finished);
  }

  /** The first list of the open part goes on with the items that are finished already. */
  #withItems(nodes: Node[]): Node[] {
    const [first, ...rest] = nodes;
    if (!this.#list || first?.type !== "list") return nodes;
    return [{ ...this.#list, children: [...this.#items, ...first.children] }, ...rest];
  }

  #settle(blocks: readonly Node[], nodes: readonly Node[], lines: Lines): void {
    this.#list = null;
    this.#items = [];
    const sources = blocks.map((_, place) => lines.source(nodes[place], nodes[place + 1]));
    this.#settled.push(...blocks);
    this.#sources.push(...sources);
    const labels = blocks.flatMap((node, place) => this.#define(node, sources[place] ?? ""));
    if (labels.length) this.#settled = this.#settled.map((node, place) => this.#again(node, place, labels));
  }

  /** All items of the open list but the last are finished once a line of the last one is complete. */
  #settleItems(list: List, lines: Lines): void {
    const count = lines.finished(list.children);
    const next = list.children[count];
    if (count > 0 && next && lines.indentOf(next) <= DEEPEST_INDENT) {
      this.#list ??= list;
      this.#items = [...this.#items, ...list.children.slice(0, count)];
      this.#cut += lines.startOfLine(next);
    } else this.#cut += lines.startOfLine(list);
  }

  #define(node: Node, source: string): string[] {
    if (node.type !== "definition" && node.type !== "footnoteDefinition") return [];
    const definition = `${source.trimEnd()}\n\n`;
    // Link definitions last: behind a footnote an indented line would belong to it.
    if (node.type === "definition") this.#definitions += definition;
    else this.#definitions = definition + this.#definitions;
    return [node.identifier];
  }

  /** A block that speaks of what has only now been defined. */
  #again(node: Node, place: number, labels: readonly string[]): Node {
    const source = (this.#sources[place] ?? "").toLowerCase();
    const isConcerned = labels.some((label) => source.includes(`[${label}`) || source.includes(`[^${label}`));
    if (!isConcerned || node.type === "definition" || node.type === "footnoteDefinition") return node;
    const prefix = this.#definitions + WALL;
    const [first] = parse(prefix + this.#sources[place]).filter((found) => startOf(found) >= prefix.length);
    return first ?? node;
  }
}

/** A text and the places of what was read from it, `before` characters of which were definitions. */
class Lines {
  readonly #text: string;
  readonly #before: number;
  /** Where the first line begins that is not complete, or was mended. */
  readonly #lastLine: number;

  constructor(text: string, before: number, unmended: number) {
    this.#text = text;
    this.#before = before;
    this.#lastLine = text.lastIndexOf("\n", unmended - 1) + 1;
  }

  /** How many are finished: all that stand before the last one whose first line is complete. */
  finished(nodes: readonly Placed[]): number {
    for (let place = nodes.length - 1; place > 0; place -= 1) {
      if (this.#hasBegun(nodes[place])) return place;
    }
    return 0;
  }

  /** Its first line is complete; a table is none before the line below its head is. */
  #hasBegun(node: Placed | undefined): boolean {
    const start = this.#place(node);
    if (node?.type !== "table") return start < this.#lastLine;
    const rule = this.#text.indexOf("\n", start) + 1;
    return rule > 0 && rule < this.#lastLine;
  }

  startOfLine(node: Placed | undefined): number {
    return this.#text.lastIndexOf("\n", this.#place(node) - 1) + 1;
  }

  indentOf(node: Placed): number {
    const indent = this.#text.slice(this.startOfLine(node), this.#place(node));
    return indent.trim() ? Number.POSITIVE_INFINITY : indent.length;
  }

  source(node: Placed | undefined, next: Placed | undefined): string {
    return this.#text.slice(this.startOfLine(node), next && this.startOfLine(next));
  }

  #place(node: Placed | undefined): number {
    return startOf(node) - this.#before;
  }
}

function commonLength(text: string, other: string): number {
  if (text === other) return text.length;
  let length = 0;
  while (length < text.length && text[length] === other[length]) length += 1;
  return length;
}

function startOf(node: Placed | undefined): number {
  return node?.position?.start.offset ?? 0;
}

/** Code whose end is not in sight needs no grammar, however long it grows. */
function openCode(tail: string): Code | null {
  const [line, fence, info] = FENCE.exec(tail) ?? [];
  if (line === undefined || fence === undefined) return null;
  const value = tail.slice(line.length);
  if (new RegExp(`^ {0,3}${fence[0]}{${fence.length},}[ \\t]*$`, "m").test(value)) return null;
  const [lang, ...meta] = (info ?? "").trim().split(/\s+/);
  return { type: "code", lang: lang || null, meta: meta.join(" ") || null, value: value.replace(/\n$/, "") };
}

function footnotesIn(blocks: readonly Node[]): Map<string, FootnoteDefinition> {
  const found = blocks.filter((node): node is FootnoteDefinition => node.type === "footnoteDefinition");
  return new Map(found.map((node) => [node.identifier, node]));
}

/** Of two definitions of one name the first counts. */
function linksIn(blocks: readonly Node[]): Map<string, string> {
  const found = blocks.filter((node): node is Definition => node.type === "definition");
  return new Map(found.reverse().map(({ identifier, url }) => [identifier, url]));
}

/** The map from before if nothing has changed: whoever reads it is not drawn again. */
function kept<Value>(
  before: ReadonlyMap<string, Value> | undefined,
  now: ReadonlyMap<string, Value>,
): ReadonlyMap<string, Value> {
  const isSame = before?.size === now.size && [...now].every(([name, value]) => before.get(name) === value);
  return isSame && before ? before : now;
}
