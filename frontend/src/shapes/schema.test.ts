import { expect, test } from "vitest";
import { fieldNames, fieldOf, itemOf, labelOf } from "./schema";

test("a name is written as people write, unless the schema has a title for it", () => {
  expect(labelOf({}, "first_name")).toBe("First name");
  expect(labelOf({}, "dueDate")).toBe("Due Date");
  expect(labelOf({ title: "Fällig" }, "dueDate")).toBe("Fällig");
});

test("references and alternatives lead to what they mean, and one that leads to itself ends", () => {
  const root = {
    properties: { owner: { $ref: "#/$defs/person", title: "Owner" }, next: { $ref: "#/properties/next" } },
    $defs: { person: { anyOf: [{ type: "null" }, { type: "object", title: "Person" }] } },
  };
  expect(fieldOf(root, "owner", root)).toEqual({ type: "object", title: "Owner" });
  expect(fieldOf(root, "next", root)).toEqual({});
  expect(itemOf({ items: { $ref: "#/$defs/person" } }, root)).toEqual({ type: "object", title: "Person" });
});

test("fields stand in the order of the schema, and what it does not know comes last", () => {
  const schema = { properties: { b: {}, a: {}, missing: {} } };
  expect(fieldNames(schema, [{ x: 1, a: 1 }, { b: 2 }])).toEqual(["b", "a", "x"]);
});
