/** A piece of a snippet: the server marks hits with two control characters, which no text contains. */
export type Piece = { text: string; isHit: boolean };

const HIT_BEGINS = "\u0002";
const HIT_ENDS = "\u0003";

export function piecesOf(snippet: string): Piece[] {
  const [before = "", ...marked] = snippet.split(HIT_BEGINS);
  const pieces: Piece[] = [{ text: before, isHit: false }];
  for (const part of marked) {
    const end = part.indexOf(HIT_ENDS);
    // A snippet may be cut inside of a hit.
    pieces.push({ text: end < 0 ? part : part.slice(0, end), isHit: true });
    if (end >= 0) pieces.push({ text: part.slice(end + 1), isHit: false });
  }
  return pieces.map((piece) => ({ ...piece, text: unmarked(piece.text) })).filter(({ text }) => text !== "");
}

/** Fences, headings, bold and code are for the eye elsewhere; two stars between words may be a power. */
const MARKS =
  /`{3}(?:\w+(?=\s))?|`|(?<=^|\s)#{1,6}\s|(?<=^|[\s(])\*\*(?=\S|$)|(?<=\S|^)\*\*(?=$|[\s.,:;!?)])/g;

function unmarked(text: string): string {
  return text.replace(MARKS, "");
}
