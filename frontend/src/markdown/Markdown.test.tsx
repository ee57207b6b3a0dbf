import { render } from "@testing-library/react";
import { expect, test } from "vitest";
import Markdown from "./Markdown";
import { safeAddress } from "./safety";
import { TestApp } from "../testing/TestApp";

function drawn(text: string): HTMLElement {
  return render(<Markdown text={text} />, { wrapper: TestApp }).container;
}

test.each([
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  '<iframe src="https://evil.example"></iframe>',
  "<svg onload=alert(1)>",
  "<style>*{display:none}</style>",
  '<a href="javascript:alert(1)">x</a>',
])("HTML stays text: %s", (html) => {
  const element = drawn(html);
  expect(element.querySelector("script, img, iframe, svg, style, a")).toBeNull();
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

test("a link leaves by a new tab that knows nothing of us", () => {
  const link = drawn("[there](https://example.com/x)").querySelector("a");
  expect(link?.getAttribute("href")).toBe("https://example.com/x");
  expect(link?.getAttribute("target")).toBe("_blank");
  expect(link?.getAttribute("rel")).toBe("noopener noreferrer nofollow");
});

test("a link that would run something is only its words", () => {
  const element = drawn("[click](javascript:alert`1`) and <javascript:alert(1)>");
  expect(element.querySelector("a")).toBeNull();
  expect(element.textContent).toContain("click");
});

test("a picture is never loaded, but can be gone to", () => {
  const element = drawn("![chart](https://evil.example/pixel.png?secret) ![](data:image/svg+xml,x)");
  expect(element.querySelector("img")).toBeNull();
  expect(element.querySelector("a")?.textContent).toContain("chart");
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
  const element = drawn("| a | b |\n|---|---|\n| 1 | 2 |\n\n- [x] done");
  expect(element.querySelectorAll("td")).toHaveLength(2);
  expect(element.querySelector<HTMLInputElement>("input[type=checkbox]")?.disabled).toBe(true);
});
