import { expect, test } from "vitest";
import { parse } from "./grammar";
import { stretchesOf } from "./stretch";

const TEXT =
  "## A part\n\nSome words.\n\n- one\n- two\n\n```js\na\n```\n\n> Quoted.\n\n| a |\n|---|\n| b |\n\n".repeat(
    12,
  );

test("all blocks stand in stretches, in their order", () => {
  const blocks = parse(TEXT);
  expect(stretchesOf(blocks).flatMap(({ nodes }) => nodes)).toEqual(blocks);
  expect(stretchesOf([])).toEqual([]);
});

test("blocks that come at the end move none from its stretch", () => {
  const blocks = parse(TEXT);
  const whole = stretchesOf(blocks);
  for (let count = 1; count <= blocks.length; count += 1) {
    const starts = stretchesOf(blocks.slice(0, count)).map(({ start }) => start);
    expect(starts).toEqual(whole.map(({ start }) => start).slice(0, starts.length));
  }
});

test("a stretch is short, and ends where the room below it is known", () => {
  const stretches = stretchesOf(parse(TEXT));
  expect(Math.max(...stretches.map(({ nodes }) => nodes.length))).toBeLessThan(12);
  for (const { nodes } of stretches.slice(0, -1))
    expect(["paragraph", "list", "blockquote"]).toContain(nodes.at(-1)?.type);
});
