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
])("%j is shown as %j", (text, shown) => {
  expect(mended(text)).toBe(shown);
});
