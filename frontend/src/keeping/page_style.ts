// How an exported page looks, on a phone, on a desk and on paper. Its colours are those of the theme.

import { mono, sans, schemes } from "../theme";

type Palette = {
  text: { primary: string; secondary: string };
  divider: string;
  primary: { main: string };
  background: { default: string; bubble: string; code: string };
  code: Record<"keyword" | "string" | "number" | "comment" | "name", string>;
};

export function pageStyle(): string {
  return `
:root { color-scheme: light dark; ${colours(schemes.light.palette)} }
@media screen and (prefers-color-scheme: dark) { :root { ${colours(schemes.dark.palette)} } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.65 ${sans}; overflow-wrap: anywhere; }
main { max-width: 46rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.3; margin: 0; }
main > header { border-block-end: 1px solid var(--line); padding-block-end: 1rem; margin-block-end: 1rem; }
.when { margin: .25rem 0 0; color: var(--quiet); font-size: .875rem; }
article { padding-block: 1rem; }
article > header { display: flex; gap: .75rem; align-items: baseline; font-size: .875rem; margin-block-end: .4rem; color: var(--quiet); }
article > header strong { color: var(--text); }
article > header time { margin-inline-start: auto; }
article.user .part { background: var(--bubble); border-radius: 14px; padding: .7rem 1rem; margin-block: .35rem; }
.plain { white-space: pre-wrap; margin: 0; }
.part > div > :first-child { margin-block-start: 0; }
h2, h3, h4, h5, h6 { line-height: 1.35; margin: 1.6rem 0 .5rem; }
article h1 { font-size: 1.35rem; margin: 1.6rem 0 .5rem; } article h2 { font-size: 1.2rem; } article h3 { font-size: 1.0625rem; } article :is(h4, h5, h6) { font-size: 1rem; }
p { margin: .75rem 0; }
ul, ol { padding-inline-start: 1.75rem; }
.tasks { list-style: none; padding-inline-start: .25rem; } .task { display: flex; gap: .5rem; align-items: baseline; } .task > div { flex: 1; }
blockquote { margin: .75rem 0; padding-inline-start: 1rem; border-inline-start: 3px solid var(--line); color: var(--quiet); }
hr { border: 0; border-block-start: 1px solid var(--line); margin: 1.5rem 0; }
a { color: var(--accent); }
.attached { font-size: .8125rem; opacity: .75; margin-block: .25rem; }
img { display: block; max-width: 100%; height: auto; border-radius: 10px; margin-block: .5rem; }
code, pre { font-family: ${mono}; font-size: .875rem; }
:not(pre) > code { background: var(--bubble); border-radius: 5px; padding: .1em .35em; }
.code { margin: 1rem 0; border: 1px solid var(--line); border-radius: 10px; background: var(--ground-code); overflow: hidden; }
.code figcaption { padding: .5rem 1rem 0; color: var(--quiet); font-size: .8125rem; }
.code pre { margin: 0; padding: .6rem 1rem .9rem; overflow-x: auto; line-height: 1.6; tab-size: 4; }
.wide { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; font-size: .9375rem; }
th, td { border-block-end: 1px solid var(--line); padding: .4rem .75rem; text-align: start; vertical-align: top; }
.to-end { text-align: end; } .to-middle { text-align: center; }
.tex { overflow-x: auto; margin: 1rem 0; text-align: center; } math { font-size: 1.1em; }
.ref { color: var(--accent); font-weight: 600; }
.notes, .sources { margin-block-start: 1.25rem; padding-block-start: .5rem; border-block-start: 1px solid var(--line); font-size: .875rem; color: var(--quiet); }
.sources h2 { font-size: .8125rem; margin: 0; }
details { margin-block: .5rem; font-size: .875rem; color: var(--quiet); } summary { cursor: pointer; } details pre { white-space: pre-wrap; overflow-wrap: anywhere; }
.hljs-keyword, .hljs-built_in, .hljs-selector-tag, .hljs-doctag { color: var(--code-keyword); }
.hljs-string, .hljs-regexp, .hljs-addition, .hljs-template-variable { color: var(--code-string); }
.hljs-number, .hljs-literal, .hljs-symbol, .hljs-bullet, .hljs-attr, .hljs-deletion { color: var(--code-number); }
.hljs-comment, .hljs-quote, .hljs-meta { color: var(--code-comment); }
.hljs-title, .hljs-name, .hljs-type, .hljs-section, .hljs-selector-class, .hljs-selector-id { color: var(--code-name); }
.hljs-emphasis { font-style: italic; } .hljs-strong { font-weight: 650; }
@page { margin: 18mm 16mm; }
@media print {
  :root { color-scheme: light; }
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  article.user .part, .code, :not(pre) > code { print-color-adjust: exact; }
  .code pre { white-space: pre-wrap; }
  .wide { overflow: visible; }
  article > header, h1, h2, h3, h4, h5, h6, figcaption { break-after: avoid; }
  tr, img, blockquote, .tex { break-inside: avoid; }
  p, li { orphans: 3; widows: 3; }
  .part > details:not([open]) { display: none; }
}
`;
}

function colours({ text, divider, primary, background, code }: Palette): string {
  const named = {
    text: text.primary,
    quiet: text.secondary,
    line: divider,
    accent: primary.main,
    ground: background.default,
    bubble: background.bubble,
    "ground-code": background.code,
    ...Object.fromEntries(Object.entries(code).map(([name, colour]) => [`code-${name}`, colour])),
  };
  return Object.entries(named)
    .map(([name, colour]) => `--${name}: ${colour};`)
    .join(" ");
}
