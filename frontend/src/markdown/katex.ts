import katex from "katex";
import "katex/dist/katex.min.css";

/** Limits against formulas that are made to take for ever or to cover the page. */
const LIMITS = { maxSize: 20, maxExpand: 200 } as const;

/** KaTeX makes the elements itself, of its own kinds; without `trust` it makes no link, no picture and no HTML of TeX. */
export function drawFormula(place: HTMLElement, tex: string, isBlock: boolean): void {
  katex.render(tex, place, {
    displayMode: isBlock,
    throwOnError: false,
    strict: false,
    trust: false,
    errorColor: "currentColor",
    ...LIMITS,
  });
}
