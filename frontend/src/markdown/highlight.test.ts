import { common, createLowlight } from "lowlight";
import { expect, test } from "vitest";
import { highlight } from "./highlight";
import { grammarOf } from "./languages";

const all = createLowlight(common);

test("every name of a language leads to its grammar", () => {
  for (const [name, grammar] of Object.entries(common)) {
    const seen: string[] = [];
    all.register("seen", (library) => {
      const read = grammar(library);
      seen.push(...(read.aliases ?? []));
      return read;
    });
    for (const other of [name, ...seen]) expect([other, grammarOf(other)]).toEqual([other, name]);
  }
});

test.each([
  ["xml", "<style>a { color: red }</style><script>const a = 1;</script>"],
  ["javascript", "const a = <b c={1}>d</b>; const e = css`a { color: red }`; gql`{ a }`"],
  ["markdown", "# a\n<b>c</b>"],
  ["shell", "$ if true; then echo a; fi"],
  ["python-repl", ">>> for a in range(1): pass"],
  ["php-template", "<b><?php echo 'a'; ?></b>"],
])("what stands within %s has its colours, too", (language, code) => {
  const count = (node: unknown): number => JSON.stringify(node).split('"span"').length;
  const expected = all.highlight(language, code);
  expect(count(highlight(code, language))).toBe(count(expected.children));
});

test("a language that nobody knows has no colours", () => {
  expect(highlight("a", "nobody-knows")).toBeNull();
  expect(highlight("a", "constructor")).toBeNull();
});
