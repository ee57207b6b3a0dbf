import fc from "fast-check";
import { expect, test } from "vitest";
import { always } from "../testing/always";
import { partialJson } from "./partial_json";

test("a document that is whole is what it says", () => {
  always(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      expect(partialJson(text)).toEqual(JSON.parse(text));
    }),
  );
});

test("from its first bracket on, every beginning of a document can be read, and loses no field that was there", () => {
  const document = fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue(), { minKeys: 1 });
  always(
    fc.property(document, (value) => {
      const text = JSON.stringify(value, null, 1);
      let fields = 0;
      for (let end = 1; end <= text.length; end++) {
        const read = partialJson(text.slice(0, end));
        expect(read).toBeTypeOf("object");
        const now = Object.keys(read as object).length;
        expect(now).toBeGreaterThanOrEqual(fields);
        fields = now;
      }
    }),
  );
});

test.each([
  ['{"name": "Ad', { name: "Ad" }],
  ['{"name": "Ad\\', { name: "Ad" }],
  ['{"name": "Ad\\u00e', { name: "Ad" }],
  ['{"name": "Ada", "ag', { name: "Ada" }],
  ['{"name": "Ada", "age":', { name: "Ada" }],
  ['{"name": "Ada", "age": 3', { name: "Ada", age: 3 }],
  ['{"people": [{"name": "A"}, {"na', { people: [{ name: "A" }, {}] }],
  ["[tru", []],
  ["Hello", undefined],
  ["", undefined],
])("%s", (text, value) => {
  expect(partialJson(text)).toEqual(value);
});
