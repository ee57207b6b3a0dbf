// One conversation as a file, in forms that other programs read.

import type { Conversation, FilePart, Message, Part } from "../api/types";
import { textOf } from "../conversation/answer";
import { branchTo } from "../conversation/tree";
import { bytesText } from "../i18n/format";

type Written = "markdown" | "json" | "csv";
/** Those that are drawn before they are a file: see `keeping/Paper.tsx`. */
type Drawn = "html" | "pdf";
export type Form = Written | Drawn;

const ENDINGS: Readonly<Record<Written | "html", [string, string]>> = {
  markdown: ["md", "text/markdown"],
  json: ["json", "application/json"],
  csv: ["csv", "text/csv"],
  html: ["html", "text/html"],
};

export type Saved = { name: string; blob: Blob };

export function isDrawn(form: Form): form is Drawn {
  return form === "html" || form === "pdf";
}

export function exported(conversation: Conversation, form: Written): Saved {
  const text = { markdown: asMarkdown, json: asJson, csv: asCsv }[form](conversation);
  return asFile(conversation.title, form, text);
}

export function asFile(title: string, form: keyof typeof ENDINGS, text: string): Saved {
  const [ending, type] = ENDINGS[form];
  return {
    name: `${fileName(title)}.${ending}`,
    blob: new Blob([text], { type: `${type};charset=utf-8` }),
  };
}

/** As the browser's own download. */
export function save({ name, blob }: Saved): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** The branch that is shown, as a person would write it down. */
export function asMarkdown({ title, messages, leaf }: Conversation): string {
  const said = branchTo(messages, leaf).map((message) =>
    [`## ${speaker(message)}`, ...attachedLines(message.parts), textOf(message.parts)]
      .filter(Boolean)
      .join("\n\n"),
  );
  return [`# ${title}`, ...said].join("\n\n").concat("\n");
}

/** The whole tree, as the API tells it. */
export function asJson(conversation: Conversation): string {
  return JSON.stringify(conversation, null, 2);
}

const COLUMNS = ["is_user", "text", "bot", "model", "status", "created_at", "id", "parent", "files"] as const;

/** The branch that is shown, a message a row (RFC 4180). */
export function asCsv({ messages, leaf }: Conversation): string {
  const rows = branchTo(messages, leaf).map((message) => [
    message.role === "user" ? "1" : "0",
    textOf(message.parts),
    message.bot?.name ?? "",
    message.model ?? "",
    message.status,
    message.created_at,
    message.id,
    message.parent ?? "",
    filesOf(message.parts)
      .map(({ name }) => name)
      .join("; "),
  ]);
  return [COLUMNS, ...rows]
    .map((row) => row.map(cell).join(","))
    .join("\r\n")
    .concat("\r\n");
}

/** A text that begins like a formula would be one to a spreadsheet: an apostrophe keeps it text. */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

export function filesOf(parts: readonly Part[]): FilePart[] {
  return parts.filter((part): part is FilePart => part.type === "file");
}

/** The file itself does not travel with the text: what it was called, and what it was. */
function attachedLines(parts: readonly Part[]): string[] {
  return filesOf(parts).map(
    ({ name, media_type, size_bytes }) =>
      `*Attached: ${plain(name)} (${media_type}, ${bytesText(size_bytes)})*`,
  );
}

/** A name in which nothing is Markdown. */
function plain(name: string): string {
  return name.replace(/[\\`*_[\]<>#]/g, "\\$&");
}

function speaker({ role, bot }: Message): string {
  return role === "user" ? "You" : (bot?.name ?? "Answer");
}

function fileName(title: string): string {
  const plain = title
    .replace(/[^\p{L}\p{N}._-]+/gu, " ")
    .trim()
    .slice(0, 60);
  return plain || "conversation";
}
