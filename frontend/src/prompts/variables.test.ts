import { expect, test } from "vitest";
import { filled, variablesOf } from "./variables";

test("variables are found once each, in their order, with spaces in them", () => {
  const text = "Write to {{ name }} in {{language}}: {{name}}, {{what to say}}. {single} {{}}";
  expect(variablesOf(text)).toEqual(["name", "language", "what to say"]);
});

test("what was given is taken as it is, also where it looks like a variable or a pattern", () => {
  const given = { name: "{{language}} $& $1", language: "French" };
  expect(filled("{{name}}|{{ language }}|{{other}}", given)).toBe("{{language}} $& $1|French|");
});
