import { expect, test } from "vitest";
import { mended } from "./mend";

test.each([
  ["a **bold", "a **bold**"],
  ["a **bold*", "a **bold**"],
  ["a **", "a "],
  ["a *soft", "a *soft*"],
  ["`co", "`co`"],
  ["a `", "a "],
  ["a ~~gone", "a ~~gone~~"],
  ["see [the page](https://exa", "see the page"],
  ["see [the pa", "see the pa"],
  ["as [1", "as "],
  ["![chart](https://evil", ""],
  ["2 * 3", "2 * 3"],
  ["snake_case_na", "snake_case_na"],
  ["para\n-", "para\n"],
  ["para\n--", "para\n"],
  ["text\n\n#", "text\n\n"],
  ["text\n\n``", "text\n\n"],
  ["- ", ""],
  ["| a | b", "| a | b |\n| --- | --- |"],
  ["| a | b |\n|--", "| a | b |\n| --- | --- |"],
  ["| a | b |\n|---|---|\n| 1", "| a | b |\n|---|---|\n| 1"],
  ["```js\nlet a = `", "```js\nlet a = `"],
  ["done.\n\nplain", "done.\n\nplain"],
  // What stands in a block before the last one does not reach into the last one.
  ["A ` title\n===\nwords", "A ` title\n===\nwords"],
  ["# A * title\nwords", "# A * title\nwords"],
  ["a\n***\nwords", "a\n***\nwords"],
  ["- a *star\n- words", "- a *star\n- words"],
  ["1. a *star\n2. words", "1. a *star\n2. words"],
  ["> a *star\n\nwords", "> a *star\n\nwords"],
  ["~~~\nx = `\n~~~\nwords", "~~~\nx = `\n~~~\nwords"],
  ["```\n~~~\n```\n**words", "```\n~~~\n```\n**words**"],
  ["$$\nx\n$$\n**words", "$$\nx\n$$\n**words**"],
  ["$$x$$ and **words", "$$x$$ and **words**"],
  ["a *star\n12. of words", "a *star\n12. of words*"],
])("%j is shown as %j", (text, shown) => {
  expect(mended(text)).toBe(shown);
});
