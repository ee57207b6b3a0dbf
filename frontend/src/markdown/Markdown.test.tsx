import { fireEvent, render } from "@testing-library/react";
import { expect, test } from "vitest";
import { TestApp } from "../testing/TestApp";
import { hostile } from "./hostile";
import Markdown from "./Markdown";
import { safeAddress } from "./safety";

function drawn(text: string): HTMLElement {
  return render(<Markdown text={text} />, { wrapper: TestApp }).container;
}

const ALLOWED_TAGS = new Set(
  "a blockquote br button code del div em h1 h2 h3 h4 h5 h6 hr iframe input li ol p path pre section span strong style svg table tbody td th thead tr ul".split(
    " ",
  ),
);
const ALLOWED_ATTRIBUTES = new Set(
  "aria-expanded aria-haspopup aria-hidden aria-label aria-pressed checked class d data-diagram data-emotion data-language data-mui-internal-clone-element data-s data-testid data-wrap dir disabled fill focusable height href loading referrerpolicy rel sandbox src start stroke stroke-linecap stroke-linejoin stroke-width style tabindex target title type viewbox".split(
    " ",
  ),
);

/** Everything in the page that this Markdown had no right to become. */
function trespassers(element: HTMLElement): string[] {
  const found: string[] = [];
  for (const inner of element.querySelectorAll("*")) {
    const tag = inner.tagName.toLowerCase();
    if (!ALLOWED_TAGS.has(tag)) found.push(`<${tag}>`);
    for (const { name, value } of inner.attributes) {
      if (!ALLOWED_ATTRIBUTES.has(name.toLowerCase())) found.push(`${tag} ${name}=${value}`);
      if (name === "href" && !/^(https?:|mailto:)/i.test(value)) found.push(`${tag} ${name}=${value}`);
      if (name === "src" && value !== "/assets/sandbox/diagram.html") found.push(`${tag} ${name}=${value}`);
    }
    if (tag === "iframe" && inner.getAttribute("sandbox") !== "allow-scripts") found.push("an open frame");
    if (tag === "a" && !inner.getAttribute("rel")?.includes("noopener")) found.push("a link that knows us");
  }
  return found;
}

test.each(hostile)("nothing comes of %j", (text) => {
  expect(trespassers(drawn(text))).toEqual([]);
});

// All of it at once streams through a real browser in tests/browser/test_app.py; here, a sample in every step.
test("nothing comes of it while it arrives character by character", { timeout: 60_000 }, () => {
  const view = render(<Markdown text="" isWriting />, { wrapper: TestApp });
  const found = new Set<string>();
  for (const text of hostile.filter((_, place) => place % 5 === 0)) {
    for (let end = 1; end <= text.length; end += 1) {
      view.rerender(<Markdown text={text.slice(0, end)} isWriting />);
      for (const trespasser of trespassers(view.container)) found.add(trespasser);
    }
    view.rerender(<Markdown text={text} />);
    for (const trespasser of trespassers(view.container)) found.add(trespasser);
  }
  expect([...found]).toEqual([]);
});

test.each([
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  '<iframe src="https://evil.example"></iframe>',
  "<svg onload=alert(1)>",
  "<style>*{display:none}</style>",
  '<a href="javascript:alert(1)">x</a>',
])("HTML stays text: %s", (html) => {
  const element = drawn(html);
  expect(element.querySelector("script, img, iframe, svg, a")).toBeNull();
  expect(element.textContent).toContain(html.slice(0, 8));
});

test.each([
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  "java\nscript:alert(1)",
  "\u0001javascript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "vbscript:x",
  "file:///etc/passwd",
  "/api/v1/me",
  "//evil.example",
  "blob:https://x/y",
])("this address leads nowhere: %s", (address) => {
  expect(safeAddress(address)).toBe("");
});

test.each(["https://example.com/a?b#c", "http://localhost:1", "mailto:a@example.com"])(
  "this one does: %s",
  (address) => {
    expect(safeAddress(address)).toBe(address);
  },
);

test("a link leaves by a new tab that knows nothing of us, and shows where to", () => {
  const link = drawn("[there](https://example.com/x)").querySelector("a");
  expect(link?.getAttribute("href")).toBe("https://example.com/x");
  expect(link?.getAttribute("title")).toBe("https://example.com/x");
  expect(link?.getAttribute("target")).toBe("_blank");
  expect(link?.getAttribute("rel")).toBe("noopener noreferrer nofollow");
});

test("a link whose address stands elsewhere is one as well", () => {
  expect(drawn("[there][x]\n\n[x]: https://example.com/x").querySelector("a")?.href).toBe(
    "https://example.com/x",
  );
});

test("a picture is never loaded; its address shows when it is asked for", () => {
  const element = drawn("![chart](https://evil.example/pixel.png?secret) ![](data:image/svg+xml,x)");
  expect(element.querySelector("img, a")).toBeNull();
  const button = element.querySelector("button");
  expect(button?.textContent).toContain("chart");
  if (button) fireEvent.click(button);
  expect(element.querySelector("a")?.textContent).toContain("https://evil.example/pixel.png?secret");
});

test("code has its language, its text and a way to copy it", () => {
  const element = drawn("```python\nprint('<b>')\n```");
  expect(element.textContent).toContain("python");
  expect(element.querySelector("pre")?.textContent).toBe("print('<b>')");
  expect(element.querySelector('button[aria-label="Copy code"]')).not.toBeNull();
});

test("a half written fence is code already", () => {
  expect(drawn("Look:\n\n```js\nlet a").querySelector("pre")?.textContent).toBe("let a");
});

test("tables and lists are drawn as such", () => {
  const element = drawn("| a | b |\n|---|---|\n| 1 | 2<br>3 |\n\n- [x] done");
  expect(element.querySelectorAll("td")).toHaveLength(2);
  expect(element.querySelector("td br")).not.toBeNull();
  expect(element.querySelector<HTMLInputElement>("input[type=checkbox]")?.disabled).toBe(true);
});

test("a citation is a chip that opens its passage; a number without a passage is a number", () => {
  const passages = new Map([[1, { title: "Your data", path: "your-data.md", text: "It is in a folder." }]]);
  const view = render(<Markdown text="So it is [1], not [2]." passages={passages} />, { wrapper: TestApp });
  const chip = view.getByRole("button", { name: "Source 1: Your data" });
  expect(view.container.textContent).toContain("[2]");
  fireEvent.click(chip);
  expect(view.getByRole("dialog").textContent).toContain("It is in a folder.");
});

test("a footnote is a chip, and stands at the end", () => {
  const view = render(<Markdown text={"Said so[^a].\n\n[^a]: By *somebody*."} />, { wrapper: TestApp });
  fireEvent.click(view.getByRole("button", { name: "Footnote 1" }));
  expect(view.getByRole("dialog").textContent).toContain("By somebody.");
  expect(view.container.querySelector("section.notes")?.textContent).toContain("By somebody.");
});

test("money is not mathematics", () => {
  expect(drawn("It costs $5 and $10 today").textContent).toBe("It costs $5 and $10 today");
});
