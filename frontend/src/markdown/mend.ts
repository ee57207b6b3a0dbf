// Markdown that is cut off in mid-word, as it will most likely go on: so that what stands on the screen does not jump
// when the rest comes. Only the last block is touched, and only at its end.

import { startOfLastBlock } from "./last_block";

/** What may yet become the beginning of another kind of block is not shown before it is clear which. */
const UNCLEAR_BEGINNING =
  /(^|\n)[ \t]*(?:#{1,6}|[-=*_+]{1,2}|={3,}|`{1,2}|~{1,2}|>|\d{1,9}[.)]?|(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]?\]?)?|\[\^?[^\]\n]*\]?:?)[ \t]*$/;

export function mended(tail: string): string {
  const start = startOfLastBlock(tail);
  if (start === null) return tail;
  const paragraph = tail.slice(start);
  const table = asTable(paragraph);
  if (table !== null) return tail.slice(0, start) + table;
  return tail.slice(0, start) + closed(paragraph.replace(UNCLEAR_BEGINNING, "$1"));
}

const ROW = /^\s*\|/;

/** A table is one from its first line on, not only when the line below it has come. */
function asTable(paragraph: string): string | null {
  const lines = paragraph.replace(/^\n/, "").split("\n");
  const [head, rule, ...rows] = lines;
  if (head === undefined || !ROW.test(head) || head.trim().length < 2) return null;
  if (rows.length) return null;
  if (rule !== undefined && !/^[\s|:-]*$/.test(rule)) return null;
  const columns = head.replace(/^\s*\||\|\s*$/g, "").split(/(?<!\\)\|/).length;
  const lead = paragraph.startsWith("\n") ? "\n" : "";
  const whole = head.trimEnd().endsWith("|") ? head : `${head} |`;
  return `${lead}${whole}\n|${" --- |".repeat(columns)}`;
}

type Mark = { mark: string; at: number };

const MARKS = /^(?:\*{1,3}|_{1,2}|~~)/;

/** Closes what is open: emphasis, code, links. A link whose address is not here yet shows its words. */
function closed(text: string): string {
  const open: Mark[] = [];
  let code: Mark | null = null;
  let bracket = -1;
  for (let place = 0; place < text.length; place += 1) {
    const rest = text.slice(place, place + 3);
    if (text[place] === "\\") {
      place += 1;
    } else if (text[place] === "`") {
      const [mark = "`"] = /^`+/.exec(text.slice(place)) ?? [];
      if (!code) code = { mark, at: place };
      else if (code.mark === mark) code = null;
      place += mark.length - 1;
    } else if (code) {
      // Inside of code nothing else has a meaning.
    } else if (text[place] === "[") {
      bracket = place;
    } else if (text[place] === "]" && bracket >= 0) {
      if (text[place + 1] !== "(") bracket = -1;
      else {
        const end = text.indexOf(")", place);
        if (end < 0) break;
        bracket = -1;
        place = end;
      }
    } else {
      const [mark] = MARKS.exec(rest) ?? [];
      if (mark) {
        turn(open, mark, text, place);
        place += mark.length - 1;
      }
    }
  }
  if (code) return withoutEmpty(text, code.at + code.mark.length) ?? `${text}${code.mark}`;
  return withClosers(bracket >= 0 ? withoutLink(text, bracket) : text, open);
}

function turn(open: Mark[], mark: string, text: string, place: number): void {
  const before = text[place - 1] ?? " ";
  const after = text[place + mark.length] ?? " ";
  const last = open.at(-1);
  if (last?.mark === mark && !/\s/.test(before)) open.pop();
  else if (!/\s/.test(after) && !(mark.startsWith("_") && /\w/.test(before))) open.push({ mark, at: place });
  else if (place + mark.length === text.length && /\s/.test(before)) open.push({ mark, at: place });
}

function withClosers(text: string, open: readonly Mark[]): string {
  let shown = text;
  for (const { mark, at } of [...open].reverse()) {
    if (at >= shown.length) continue;
    // A closer that has begun to come is not text: `**bold*`.
    const bare = mark.length > 1 && shown.endsWith(mark[0] ?? "") ? shown.slice(0, -1) : shown;
    shown = withoutEmpty(bare, at + mark.length) ?? `${bare.trimEnd()}${mark}`;
  }
  return shown;
}

/** A mark with nothing behind it is not shown at all. */
function withoutEmpty(text: string, contentStart: number): string | null {
  if (text.slice(contentStart).trim() !== "") return null;
  return text.slice(0, contentStart).replace(/[*_~`]+$/, "");
}

function withoutLink(text: string, bracket: number): string {
  const isPicture = text[bracket - 1] === "!";
  const label = text.slice(bracket + 1).replace(/\](?:\([^)]*)?$/, "");
  // A number or a footnote is a chip once it is whole.
  if (isPicture || /^\^?\w{0,3}$/.test(label)) return text.slice(0, isPicture ? bracket - 1 : bracket);
  return text.slice(0, bracket) + label;
}
