import { expect, test } from "vitest";
import { piecesOf } from "./snippet";

test("hits stand apart from what is around them", () => {
  expect(piecesOf("a \u0002loop\u0003 is a \u0002loop\u0003")).toEqual([
    { text: "a ", isHit: false },
    { text: "loop", isHit: true },
    { text: " is a ", isHit: false },
    { text: "loop", isHit: true },
  ]);
});

test("a snippet without hits, an empty one, and one cut in mid-hit are read as well", () => {
  expect(piecesOf("plain <b>text</b>")).toEqual([{ text: "plain <b>text</b>", isHit: false }]);
  expect(piecesOf("")).toEqual([]);
  expect(piecesOf("\u0002half")).toEqual([{ text: "half", isHit: true }]);
});

test("the marks of Markdown are left out, stars that mean a power are not", () => {
  const shown = (snippet: string) =>
    piecesOf(snippet)
      .map(({ text, isHit }) => (isHit ? `[${text}]` : text))
      .join("");
  expect(shown("## A **\u0002running\u0003** sum: ```python def `mean`(): 2**3")).toBe(
    "A [running] sum:  def mean(): 2**3",
  );
});
