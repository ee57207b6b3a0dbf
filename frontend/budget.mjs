// How much script a browser loads, after `npm run build`; more than is allowed fails. Run by `npm run budget`.

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const MOST_KB = { entry: 200, "first chat": 350 };
/** What a first chat needs on top of the entry. */
const FIRST_CHAT = [
  "src/i18n/locales/ja.json", // the largest of the languages, of which one is loaded
  "src/conversation/ConversationRoom.tsx",
  "src/markdown/Markdown.tsx",
];

const manifest = JSON.parse(readFileSync("dist/.vite/manifest.json", "utf8"));

function withImports(names, found = new Set()) {
  for (const name of names) {
    const chunk = manifest[name];
    if (!chunk) throw new Error(`${name} is no chunk any more: change budget.mjs`);
    if (found.has(chunk.file)) continue;
    found.add(chunk.file);
    withImports(chunk.imports ?? [], found);
  }
  return found;
}

function kilobytes(files) {
  return [...files].reduce((sum, file) => sum + gzipSync(readFileSync(`dist/${file}`)).length, 0) / 1000;
}

const entries = Object.keys(manifest).filter((name) => manifest[name]?.isEntry);
const sizes = {
  entry: kilobytes(withImports(entries)),
  "first chat": kilobytes(withImports([...entries, ...FIRST_CHAT])),
};
let isOver = false;
for (const [name, most] of Object.entries(MOST_KB)) {
  const size = sizes[name];
  isOver ||= size > most;
  process.stdout.write(
    `${name}: ${size.toFixed(0)} kB of ${most} kB (script, gzip)${size > most ? "  TOO MUCH" : ""}\n`,
  );
}
process.exit(isOver ? 1 : 0);
