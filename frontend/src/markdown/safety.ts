// What Markdown may become. The text comes from models and strangers: HTML in it stays text (react-markdown makes no
// elements of it), and what is made of Markdown itself passes this list.

export const ALLOWED_ELEMENTS = [
  "a",
  "blockquote",
  "br",
  "code",
  "del",
  "em",
  "h1",
  "h2",
  "h3",
  "h4",
  "h5",
  "h6",
  "hr",
  "img",
  "input",
  "li",
  "ol",
  "p",
  "pre",
  "section",
  "strong",
  "sup",
  "table",
  "tbody",
  "td",
  "th",
  "thead",
  "tr",
  "ul",
] as const;

const SAFE_SCHEMES: ReadonlySet<string> = new Set(["http:", "https:", "mailto:"]);

/** The address if following it is harmless, else nothing. Relative addresses would lead into Parley itself, so no. */
export function safeAddress(address: string): string {
  // Browsers skip control characters and spaces in front of a scheme, and some within it.
  const plain = [...address].filter((character) => character > "\u0020" && character !== "\u007f").join("");
  try {
    return SAFE_SCHEMES.has(new URL(plain).protocol) ? plain : "";
  } catch {
    return "";
  }
}
