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
