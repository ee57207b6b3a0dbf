// What was drawn, as one file that needs nothing else: no script, no style from elsewhere, no picture that is not inside.

import { createElement, Fragment } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { currentLocale } from "../i18n/t";
import { pageStyle } from "./page_style";

const LATE_MS = 5000;
const LOOK_AGAIN_MS = 40;
/** Nothing but what stands in the file is ever loaded, whatever a message says. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
const KEPT_CLASSES =
  /^(hljs-[\w-]+|tasks|task|wide|to-end|to-middle|tex|notes|when|part|plain|attached|user|assistant|sources|code|ref)$/;
const KEPT_ATTRIBUTES = new Set(
  "class dir lang href rel target title src alt start value type checked disabled datetime open".split(" "),
);

/** Throws when a picture of the conversation cannot be read. */
export async function pageOf(drawn: HTMLElement, title: string): Promise<string> {
  await whenSettled(drawn);
  const body = drawn.cloneNode(true) as HTMLElement;
  await colourCode(body);
  plainReferences(body);
  plainFormulas(body);
  await inlinePictures(body);
  for (const element of body.querySelectorAll("svg, script, style, link, iframe, button")) element.remove();
  for (const element of body.querySelectorAll("*")) strip(element);
  return assembled(body.innerHTML, title);
}

/** Formulas come a moment later than the words around them. */
async function whenSettled(drawn: HTMLElement): Promise<void> {
  const until = performance.now() + LATE_MS;
  do await new Promise((done) => setTimeout(done, LOOK_AGAIN_MS));
  while (drawn.querySelector(".tex-source") && performance.now() < until);
}

/** Code and diagrams as figures with the name of their language; a diagram's picture cannot leave its sandbox. */
async function colourCode(body: HTMLElement): Promise<void> {
  for (const diagram of body.querySelectorAll<HTMLElement>("[data-diagram]")) {
    diagram.replaceWith(figure(diagram.dataset.diagram ?? "", "mermaid"));
  }
  const blocks = [...body.querySelectorAll<HTMLElement>("pre[data-language]")];
  if (!blocks.length) return;
  const { highlight } = await import("../markdown/highlight");
  for (const pre of blocks) {
    const language = pre.dataset.language ?? "";
    const code = pre.textContent ?? "";
    const made = figure(code, language);
    const coloured = highlight(code, language);
    if (coloured) flushSync(() => createRoot(codeOf(made)).render(createElement(Fragment, null, coloured)));
    // The section that scrolls, in the frame with the buttons.
    (pre.parentElement?.parentElement ?? pre).replaceWith(made);
  }
}

function figure(code: string, language: string): HTMLElement {
  const made = document.createElement("figure");
  made.className = "code";
  made.dir = "ltr";
  if (language) made.append(Object.assign(document.createElement("figcaption"), { textContent: language }));
  const pre = document.createElement("pre");
  pre.append(Object.assign(document.createElement("code"), { textContent: code }));
  made.append(pre);
  return made;
}

function codeOf(made: HTMLElement): HTMLElement {
  const code = made.querySelector("code");
  if (!code) throw new Error("a figure of code has its code");
  return code;
}

/** Chips that open something become the numbers they show; a picture that was not loaded becomes its name. */
function plainReferences(body: HTMLElement): void {
  for (const chip of body.querySelectorAll("button[aria-haspopup]")) {
    const number = Object.assign(document.createElement("sup"), { textContent: `[${chip.textContent}]` });
    number.className = "ref";
    chip.replaceWith(number);
  }
  for (const picture of body.querySelectorAll("button.hidden-picture")) {
    picture.replaceWith(picture.textContent ?? "");
  }
}

/** MathML, which browsers draw by themselves, in place of KaTeX's own drawing, which needs its fonts. */
function plainFormulas(body: HTMLElement): void {
  for (const formula of body.querySelectorAll(".katex")) {
    const math = formula.querySelector("math");
    math?.querySelector("annotation")?.remove();
    if (math) formula.replaceWith(math);
  }
}

async function inlinePictures(body: HTMLElement): Promise<void> {
  for (const picture of body.querySelectorAll("img")) {
    const address = picture.getAttribute("src") ?? "";
    if (address.startsWith("data:")) continue;
    const isOurs = new URL(address, location.href).origin === location.origin;
    const found = isOurs ? await inlined(address) : null;
    if (found) picture.setAttribute("src", found);
    else picture.remove();
  }
}

/** Null for a file that was deleted since: its name stays. */
async function inlined(address: string): Promise<string | null> {
  const response = await fetch(address, { credentials: "same-origin" });
  if (!response.ok) return null;
  const blob = await response.blob();
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result));
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(blob);
  });
}

function strip(element: Element): void {
  const isMath = element.namespaceURI?.endsWith("MathML") ?? false;
  for (const { name } of [...element.attributes]) {
    if (isMath ? name === "class" || name === "style" : !KEPT_ATTRIBUTES.has(name))
      element.removeAttribute(name);
  }
  if (isMath) return;
  const kept = [...element.classList].filter((name) => KEPT_CLASSES.test(name));
  if (kept.length) element.className = kept.join(" ");
  else element.removeAttribute("class");
}

function assembled(body: string, title: string): string {
  const name = document.createElement("title");
  name.textContent = title;
  const direction = document.documentElement.dir === "rtl" ? "rtl" : "ltr";
  return `<!doctype html>
<html lang="${currentLocale()}" dir="${direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="generator" content="Parley">
${name.outerHTML}
<style>${pageStyle()}</style>
</head>
<body>${body}</body>
</html>
`;
}
