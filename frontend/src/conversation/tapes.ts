// Tapes for tests: recorded runs, one numbered event a line. Ours, and those that the whole project shares.
import type { Numbered } from "./answer";

const files = import.meta.glob<string>(["./tapes/*.jsonl", "../../../tests/tapes/*.jsonl"], {
  query: "?raw",
  import: "default",
  eager: true,
});

export const tapes: readonly (readonly [name: string, tape: Numbered[]])[] = Object.entries(files).map(
  ([path, text]) => [
    path.slice(path.lastIndexOf("/") + 1),
    text
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => JSON.parse(line) as Numbered),
  ],
);
