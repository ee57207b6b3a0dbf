// What Markdown may become is what `Markdown.tsx` draws, and nothing else: HTML in it stays text. What is left to judge
// are addresses, which come from models and strangers.

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
