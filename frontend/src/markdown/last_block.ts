// Where the last block of a text begins, told from its lines: whatever stands before cannot reach into it.

const BLANK = /^[ \t]*$/;
/** Stands alone: a title of one line, the line below a title, a rule, a definition. */
const ALONE =
  /^ {0,3}(?:#{1,6}(?:[ \t]|$)|=+[ \t]*$|(?:-[ \t]*)+$|(?:\*[ \t]*){3,}$|(?:_[ \t]*){3,}$|\[[^\]^][^\]]*\]:)/;
/** Begins anew, also right below a paragraph: an item, a footnote. */
const BEGINS = /^[ \t>]*(?:[-*+](?=[ \t])|1[.)](?=[ \t])|\[\^[^\]]+\]:)/;
/** Begins anew only in a list that has numbers. */
const NUMBERED = /^[ \t>]*\d{1,9}[.)](?=[ \t])/;
/** Quotations and tables: their lines belong together, and what stands around them does not. */
const KINDS = [/^ {0,3}>/, /^[ \t]*\|/];
const FENCE = /^ {0,3}(?:(`{3,})[^`]*|(~{3,}).*|(\${2,})[^$]*)$/;

/**
 * The place of its first character; null inside of code or a formula that has no end yet. A list's last item counts as
 * a block.
 */
export function startOfLastBlock(text: string): number | null {
  let start = 0;
  let place = 0;
  let fence = "";
  let before = "";
  for (const line of text.split("\n")) {
    const next = place + line.length + 1;
    if (fence) {
      if (closes(line, fence)) fence = "";
      start = Math.min(next, text.length);
      before = "";
    } else {
      fence = opened(line);
      if (parts(before, line, text.slice(start, place))) start = place;
      before = line;
    }
    place = next;
  }
  return fence ? null : start;
}

function parts(before: string, line: string, block: string): boolean {
  if (BLANK.test(before) || ALONE.test(before) || ALONE.test(line) || BEGINS.test(line)) return true;
  return (
    KINDS.some((kind) => kind.test(line) !== kind.test(before)) ||
    (NUMBERED.test(line) && NUMBERED.test(block))
  );
}

function opened(line: string): string {
  const [, ...fences] = FENCE.exec(line) ?? [];
  return fences.find((fence) => fence) ?? "";
}

function closes(line: string, fence: string): boolean {
  const words = line.trim();
  return words.length >= fence.length && words === (fence[0] ?? "").repeat(words.length);
}
