import { expect, test } from "vitest";
import type { BotVersion } from "../api/types";
import { changesBetween } from "./difference";

const first: BotVersion = {
  number: 1,
  name: "Clerk",
  avatar: "",
  colour: "",
  picture: null,
  description: "",
  system_prompt: "Be brief.",
  greeting: "",
  starters: ["One"],
  model: { id: "m", name: "small", label: "" },
  parameters: {},
  collections: [],
  made_by: null,
  created_at: "2026-01-01T00:00:00Z",
};

test("only what changed is told, in the words of the form", () => {
  const second: BotVersion = {
    ...first,
    number: 2,
    starters: ["One", "Two"],
    model: { id: "l", name: "large", label: "Large" },
    parameters: { temperature: 0, tools: ["calculate"], shape: { type: "choices", choices: ["yes", "no"] } },
  };
  expect(changesBetween(first, second)).toEqual([
    { field: "bots.starters", before: "One", after: "One\nTwo" },
    { field: "bots.temperature", before: "", after: "0" },
    { field: "bots.tools", before: "", after: "Calculator" },
    { field: "bots.shapeKind", before: "", after: "choices" },
    { field: "bots.choices", before: "", after: "yes\nno" },
    { field: "bots.model", before: "small", after: "Large" },
  ]);
  expect(changesBetween(second, second)).toEqual([]);
});

test("of the first version all that it holds is new", () => {
  expect(changesBetween(null, first).map(({ field }) => field)).toEqual([
    "field.name",
    "bots.prompt",
    "bots.starters",
    "bots.model",
  ]);
});
