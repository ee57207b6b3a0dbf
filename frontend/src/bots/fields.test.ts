import { expect, test } from "vitest";
import { Problem } from "../api/problem";
import type { BotDetail } from "../api/types";
import { audienceOf, draftOf, emptyFields, fieldsOf } from "./fields";

const bot: BotDetail = {
  id: "b",
  name: "Clerk",
  avatar: "C",
  colour: "teal",
  picture: "p",
  description: "Fills in forms.",
  greeting: "Hello",
  starters: ["One", "Two"],
  model: { id: "m", name: "small", label: "Small" },
  version: 3,
  is_default: false,
  may_edit: true,
  shape: "json",
  audience: "chosen",
  is_mine: true,
  system_prompt: "Fill in.",
  parameters: {
    temperature: 0.2,
    top_p: 0.9,
    max_tokens: 100,
    seed: 7,
    stop: ["END"],
    reasoning: "low",
    tools: ["calculate"],
    shape: { type: "json", json_schema: { type: "object" } },
  },
  collections: ["c"],
  roles: ["guest"],
  people: ["mate@example.org"],
};

test("what the form does not change comes out as it went in", () => {
  const draft = draftOf(fieldsOf(bot));
  expect(draft).toEqual({
    name: "Clerk",
    avatar: "C",
    colour: "teal",
    picture: "p",
    description: "Fills in forms.",
    model: "m",
    system_prompt: "Fill in.",
    greeting: "Hello",
    starters: ["One", "Two"],
    parameters: bot.parameters,
    collections: ["c"],
  });
  expect(audienceOf(fieldsOf(bot))).toEqual({
    who: "chosen",
    roles: ["guest"],
    people: ["mate@example.org"],
  });
});

test("an empty field is left to the vendor", () => {
  expect(draftOf(emptyFields).parameters).toEqual({});
});

test.each([["{"], ["[]"], ["3"], [""]])("a schema that is none is said beside its field: %s", (schema) => {
  const ask = () => draftOf({ ...emptyFields, shape: "json", schema });
  expect(ask).toThrow(Problem);
  try {
    ask();
  } catch (problem) {
    expect(problem instanceof Problem && problem.fields["parameters.shape"]).toBeTruthy();
  }
});
