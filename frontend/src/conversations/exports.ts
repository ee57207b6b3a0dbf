// One conversation as a file, in forms that other programs read.

import type { Conversation, Message } from "../api/types";
import { textOf } from "../conversation/answer";
import { branchTo } from "../conversation/tree";

export const FORMS = ["markdown", "json", "csv"] as const;
export type Form = (typeof FORMS)[number];

const ENDINGS: Readonly<Record<Form, [string, string]>> = {
  markdown: ["md", "text/markdown"],
  json: ["json", "application/json"],
  csv: ["csv", "text/csv"],
};

export function exported(conversation: Conversation, form: Form): { name: string; blob: Blob } {
  const [ending, type] = ENDINGS[form];
  const text = { markdown: asMarkdown, json: asJson, csv: asCsv }[form](conversation);
  return {
    name: `${fileName(conversation.title)}.${ending}`,
    blob: new Blob([text], { type: `${type};charset=utf-8` }),
  };
}

/** The branch that is shown, as a person would write it down. */
export function asMarkdown({ title, messages, leaf }: Conversation): string {
  const said = branchTo(messages, leaf).map(
    (message) => `## ${speaker(message)}\n\n${textOf(message.parts)}`,
  );
  return [`# ${title}`, ...said].join("\n\n").concat("\n");
}

/** The whole tree, as the API tells it. */
export function asJson(conversation: Conversation): string {
  return JSON.stringify(conversation, null, 2);
}

const COLUMNS = ["is_user", "text", "bot", "model", "status", "created_at", "id", "parent"] as const;

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
