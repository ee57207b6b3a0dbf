import fc from "fast-check";
import { expect, test } from "vitest";
import { always } from "../testing/always";
import { Reader } from "./reader";

/** Whole, but for places, which differ where a part was read alone. */
function shape(blocks: readonly unknown[]): unknown {
  return JSON.parse(JSON.stringify(blocks, (key, value) => (key === "position" ? undefined : value)));
}

function expectSameAtEachStep(text: string, steps: readonly number[]): void {
  const reader = new Reader();
  let end = 0;
  for (let turn = 0; end < text.length; turn += 1) {
    end += steps[turn % steps.length] ?? 1;
    const now = text.slice(0, end);
    expect(shape(reader.read(now, true).blocks)).toEqual(shape(new Reader().read(now, true).blocks));
  }
  expect(shape(reader.read(text, false).blocks)).toEqual(shape(new Reader().read(text, false).blocks));
}

test.each([
  'Plain words, and more of them. (In brackets!) 100 % of it; "quoted" – with a dash…',
  "Write to somebody@example.org or see www.example.org, or https://example.org/a_b for more",
  "A *soft* word, a **bold one** and `code` then words",
  "2 * 3 is six and 4 * 5 is twenty words",
  "Costs $5 and $10 and x < y & z > 0 in words",
  "one  two   three    four",
  "A first line\nand a second one\n12 words\n1. no item\n- an item",
  "a | b\n--- | -\n1 | 2",
  "Title words\n=== words",
  "A ` title\n=\nword\nword",
  "Words\n| a | b |\n| - | - |\n| 1 | 2 |",
  "Words\n```\ncode\n\n```\nwords",
  "See [1] and [words][ref] and [^1] too, [a](b) c",
])("%j reads at each letter as if it were read at once", (text) => {
  expectSameAtEachStep(text, [1]);
});

const word = fc.constantFrom(
  "\n```\n",
  "\n\n",
  "word",
  "w17.0a1b",
  " ",
  "  ",
  "\n",
  ".",
  "1.",
  "-",
  "*",
  "**",
  "`",
  "[",
  "](",
  ")",
  "www",
  "a@b",
  "#",
  "=",
  "|",
  "&",
  "!",
  "~~",
  "漢字",
  "$",
  "\\",
);

/** Lists in lists without a word: below a paragraph the grammar reads them in another way than by themselves. */
const BARE_LISTS = /^ *(?:[-*]|1\.)(?: +(?:[-*]|1\.))+ *$/m;

test("whatever is added to a paragraph, in whatever pieces, reads as if it were read at once", () => {
  always(
    fc.property(
      fc.array(word, { maxLength: 24 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      (words, steps) => {
        fc.pre(!BARE_LISTS.test(words.join("")));
        expectSameAtEachStep(`Begin ${words.join("")}`, steps);
      },
    ),
    1500,
  );
});
