import { expect, test } from "vitest";
import { changed, emptyFields, type Fields, fieldsOf, lackOf, setupFor, setupOf } from "./fields";
import type { Setup } from "./shapes";

const setup: Setup = {
  system: "Be brief.",
  messages: [
    {
      role: "user",
      parts: [
        { type: "image", url: "data:image/png;base64,AAAA" },
        { type: "text", text: "Hi" },
      ],
    },
    { role: "assistant", parts: [{ type: "text", text: "Ahoy" }] },
    { role: "user", parts: [{ type: "text", text: "Again" }] },
  ],
  parameters: {
    temperature: 0.5,
    top_p: 0.9,
    max_tokens: 100,
    seed: 7,
    stop: ["END", "\n\n", "back\\slash"],
    reasoning: "low",
    tools: ["calculate"],
    shape: { type: "json", json_schema: { type: "object" } },
  },
  models: ["m1", "m2"],
};

test("a setup comes back out of the form as it went in", () => {
  expect(setupOf(fieldsOf(setup))).toEqual(setup);
});

test.each<Setup["parameters"]>([
  {},
  { shape: { type: "regex", pattern: "a+" } },
  { shape: { type: "choices", choices: ["yes", "no"] } },
  { temperature: 0, seed: 0 },
])("parameters %j come back as they were", (parameters) => {
  expect(setupOf(fieldsOf({ ...setup, parameters }))?.parameters).toEqual(parameters);
});

test("functions, their calls, and what holds for one model only come back as they were", () => {
  const functions = [{ name: "f", description: "", parameters: { type: "object" } }];
  const parameters = { temperature: 1, functions };
  const called: Setup["messages"] = [
    ...setup.messages,
    {
      role: "assistant",
      parts: [
        { type: "tool_call", id: "c1", name: "f", arguments: "{}" },
        { type: "tool_result", id: "c1", text: "7", is_error: false },
      ],
    },
  ];
  const own = [null, { ...parameters, temperature: 0.2 }];
  const whole = { ...setup, parameters, messages: called, own };
  expect(setupOf(fieldsOf(whole))).toEqual(whole);
  expect(lackOf(fieldsOf(whole))).toBeNull();
  expect(setupOf(changed(fieldsOf(whole), { type: "removeModel", place: 0 }))?.own).toEqual([own[1]]);
});

const CALLED = { type: "answerCalls", run: "r1", setup, place: 1, model: "m2", text: "" } as const;

test("only the models that called go on, each with what its own calls gave", () => {
  const call = (id: string) => ({ id, name: "f", arguments: "{}", result: "7" });
  const [first, second, third] = [call("c1"), call("c2"), call("c3")] as const;
  const own = [{ temperature: 0.2 }, null];
  const run = { ...setup, models: ["m1", "m2", "m3"], own };
  const asked = { ...fieldsOf(run), models: ["m1", "m2", "m3"] };
  const one = changed(asked, { ...CALLED, setup: run, calls: [second] });
  expect(one.models).toEqual(["m2"]);
  expect(setupOf(one)?.messages.some(({ only }) => only !== undefined)).toBe(false);
  const two = changed(one, { ...CALLED, setup: run, place: 0, model: "m1", calls: [first] });
  expect(two.models).toEqual(["m2", "m1"]);
  expect(two.own[1]?.temperature).toBe("0.2");
  const asides = two.messages.filter(({ only }) => only !== undefined);
  expect(asides.map(({ only, calls }) => [only, calls?.[0]?.id])).toEqual([
    [0, "c2"],
    [1, "c1"],
  ]);
  expect(lackOf(two)).toBeNull();
  expect(changed(two, { ...CALLED, setup: run, calls: [second] })).toBe(two);
  expect(new Set(two.messages.map(({ key }) => key)).size).toBe(two.messages.length);
  const whole = setupOf(two);
  if (!whole) throw new Error("no setup");
  expect(setupOf(fieldsOf(whole))).toEqual(whole);
  expect(setupFor(whole, "m1").messages.at(-1)?.parts[0]).toMatchObject({ id: "c1" });
  const later = changed(fieldsOf(whole), {
    ...CALLED,
    run: "r2",
    setup: whole,
    place: 1,
    model: "m1",
    calls: [third],
  });
  expect(later.models).toEqual(["m1"]);
  expect(later.messages.flatMap(({ calls = [] }) => calls.map(({ id }) => id))).toEqual(["c1", "c3"]);
  const alike = changed(one, { ...CALLED, setup: run, place: 0, model: "m1", calls: [second] });
  expect(alike.models).toEqual(["m2", "m1"]);
  const left = changed(two, { type: "removeModel", place: 0 });
  expect(left.messages.flatMap(({ calls = [], only }) => calls.map(({ id }) => [id, only]))).toEqual([
    ["c1", 0],
  ]);
});

test("what a function gave must be said before it goes on", () => {
  const call = { id: "c1", name: "f", arguments: "{}", result: "" };
  const asked = changed(fieldsOf(setup), { ...CALLED, model: null, calls: [call] });
  expect(lackOf(asked)).toBe("result");
  const given = { calls: [{ ...call, result: "7" }] };
  expect(lackOf(changed(asked, { type: "write", key: 4, change: given }))).toBeNull();
  expect(lackOf({ ...fieldsOf(setup), functions: "{" })).toBe("functions");
});

test("roles take turns as messages are added, and a removed one leaves the others alone", () => {
  const two = changed(emptyFields, { type: "add" });
  const three = changed(two, { type: "add" });
  expect(three.messages.map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
  expect(new Set(three.messages.map(({ key }) => key)).size).toBe(3);
  expect(changed(three, { type: "remove", key: 2 }).messages.map(({ key }) => key)).toEqual([1, 3]);
});

test("a fifth model is not taken", () => {
  const full = ["a", "b", "c", "d", "e"].reduce<Fields>(
    (fields, model) => changed(fields, { type: "addModel", model }),
    emptyFields,
  );
  expect(full.models).toEqual(["a", "b", "c", "d"]);
});

test("what cannot run says why", () => {
  const ready = fieldsOf(setup);
  expect(lackOf(ready)).toBeNull();
  expect(lackOf({ ...ready, models: [] })).toBe("models");
  expect(lackOf({ ...ready, blind: true })).toBeNull();
  expect(lackOf({ ...ready, blind: true, models: ["m1"] })).toBe("two");
  expect(lackOf(changed(ready, { type: "add" }))).toBe("last");
  expect(lackOf(changed(ready, { type: "write", key: 3, change: { text: " " } }))).toBe("empty");
  expect(lackOf({ ...ready, json: "{" })).toBe("schema");
  expect(lackOf({ ...ready, json: "[]" })).toBe("schema");
  expect(lackOf({ ...ready, shape: "none", json: "{" })).toBeNull();
});
