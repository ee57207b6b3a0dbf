import { expect, test } from "vitest";
import type { Conversation, Message } from "../api/types";
import { asCsv, asJson, asMarkdown, exported } from "./exports";

function said(id: string, parent: string | null, role: Message["role"], text: string): Message {
  const nothing = { bot: null, model: null, generation: null, status: "completed" as const };
  return {
    id,
    parent,
    role,
    parts: [{ type: "text", text }],
    created_at: "2026-11-21T00:00:00Z",
    ...nothing,
  };
}

const conversation: Conversation = {
  id: "c",
  title: "Zebras / stripes?",
  bot: null,
  version: 1,
  created_at: "2026-11-21T00:00:00Z",
  updated_at: "2026-11-21T00:00:00Z",
  folder: null,
  pinned: false,
  archived: false,
  temporary: false,
  tags: [],
  leaf: "a2",
  messages: [
    said("q1", null, "user", 'What is a "zebra", please?\nSay it.'),
    said("a1", "q1", "assistant", "not shown"),
    said("a2", "q1", "assistant", "=1+1"),
  ],
};

test("Markdown holds the shown branch", () => {
  expect(asMarkdown(conversation)).toBe(
    '# Zebras / stripes?\n\n## You\n\nWhat is a "zebra", please?\nSay it.\n\n## Answer\n\n=1+1\n',
  );
});

test("CSV begins with is_user and text, quotes what must be, and starts no formula", () => {
  const [head, ...rows] = asCsv(conversation).split("\r\n");
  expect(head).toBe("is_user,text,bot,model,status,created_at,id,parent,files");
  expect(rows[0]).toMatch(/^1,"What is a ""zebra"", please\?\nSay it\.",/);
  expect(rows[1]).toMatch(/^0,'=1\+1,/);
});

test("JSON is the whole tree, and comes back as it was", () => {
  expect(JSON.parse(asJson(conversation))).toEqual(conversation);
});

test("the file is named after the conversation, without what a path could be made of", () => {
  expect(exported(conversation, "csv").name).toBe("Zebras stripes.csv");
});

test("what was attached is named where it was attached", () => {
  const file = { type: "file", file: "f", media_type: "image/png", size_bytes: 1200, kind: "image" } as const;
  const asked = said("q", null, "user", "Which stripes?");
  asked.parts.push({ ...file, name: "my_zebra.png" }, { ...file, file: "g", name: "=a.pdf" });
  const short = { ...conversation, leaf: "q", messages: [asked] };
  expect(asMarkdown(short)).toContain(
    "## You\n\n*Attached: my\\_zebra.png (image/png, 1.2 kB)*\n\n*Attached: =a.pdf (image/png, 1.2 kB)*\n\nWhich stripes?",
  );
  expect(asCsv(short).trim()).toMatch(/,my_zebra\.png; =a\.pdf$/);
});
