// The browser's own way to paper and to PDF.

import { visuallyHidden } from "../theme";

const KEPT_MS = 10 * 60_000;

/** Opens the print dialog for a page, which stays what it is: without scripts, in a frame of its own. */
export function printPage(page: string): void {
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-same-origin allow-modals");
  frame.setAttribute("aria-hidden", "true");
  frame.tabIndex = -1;
  frame.className = "print-frame";
  Object.assign(frame.style, visuallyHidden, { border: "0" });
  frame.srcdoc = page;
  frame.onload = () => {
    const inside = frame.contentWindow;
    if (!inside) return;
    inside.addEventListener("afterprint", () => frame.remove());
    inside.focus();
    inside.print();
  };
  document.body.append(frame);
  // A browser that tells nothing of the end of printing must not keep every page that was ever printed.
  setTimeout(() => frame.remove(), KEPT_MS);
}
