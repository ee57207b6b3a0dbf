// A JSON document while it is being written: read as far as it has come, so that fields fill in one after the other.

/** Where the text may be cut off so that, with `closers` behind it, it is a document. */
type Cut = { end: number; closers: string };

/** What `text` says so far; undefined while nothing of it can be read, or when it is no beginning of JSON. */
export function partialJson(text: string): unknown {
  const whole = parsed(text);
  if (whole !== undefined) return whole;
  const { here, before } = cutsOf(text);
  const { end, closers } = here;
  const written = text.slice(0, end);
  // A number may stop where it means nothing yet: "1." and "2e-".
  const ways = [written + closers, written.replace(/[.eE+-]+$/, "") + closers];
  if (before) ways.push(text.slice(0, before.end) + before.closers);
  return ways.map(parsed).find((value) => value !== undefined);
}

/** The value of a whole document; undefined where it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `here`: at the end, in the middle of whatever stands there. `before`: behind the last value that is whole. */
function cutsOf(text: string): { here: Cut; before: Cut | null } {
  const open: string[] = [];
  const closers = () => open.toReversed().join("");
  let before: Cut | null = null;
  let cutEscape = -1;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] ?? "";
    if (isInString) {
      if (letter === '"') isInString = false;
      else if (letter === "\\") {
        const length = text[at + 1] === "u" ? 6 : 2;
        if (at + length > text.length) cutEscape = at;
        at += length - 1;
      }
    } else if (letter === '"') isInString = true;
    else if (letter === "{" || letter === "[") {
      open.push(letter === "{" ? "}" : "]");
      before = { end: at + 1, closers: closers() };
    } else if (letter === "}" || letter === "]") {
      open.pop();
      before = { end: at + 1, closers: closers() };
    } else if (letter === ",") before = { end: at, closers: closers() };
  }
  const end = cutEscape >= 0 ? cutEscape : text.length;
  return { here: { end, closers: (isInString ? '"' : "") + closers() }, before };
}
