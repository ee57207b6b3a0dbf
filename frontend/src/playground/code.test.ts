import { expect, test } from "vitest";
import { askedOf, codeIn } from "./code";
import type { Setup } from "./shapes";

const setup: Setup = {
  system: 'Say "it\'s" once.',
  messages: [{ role: "user", parts: [{ type: "text", text: "Line one\nline 'two' 🙂" }] }],
  parameters: { temperature: 0, stop: ["\n"], shape: { type: "json", json_schema: { a: [true, null] } } },
  models: ["m1"],
};
const options = { origin: "https://parley.example", model: "Small", tools: [] };

test("the body is what /v1 takes, and says only what was set", () => {
  const { body } = askedOf(setup, options);
  expect(body).toEqual({
    model: "Small",
    messages: [
      { role: "system", content: 'Say "it\'s" once.' },
      { role: "user", content: "Line one\nline 'two' 🙂" },
    ],
    temperature: 0,
    stop: ["\n"],
    response_format: { type: "json_schema", json_schema: { name: "answer", schema: { a: [true, null] } } },
  });
});

test("a picture travels inside, and a tool with its schema", () => {
  const url = "data:image/png;base64,AAAA";
  const seeing: Setup = {
    ...setup,
    system: "",
    messages: [
      {
        role: "user",
        parts: [
          { type: "image", url },
          { type: "text", text: "What?" },
        ],
      },
    ],
    parameters: { tools: ["clock"] },
  };
  const tools = [
    { name: "clock", label: "Clock", description: "Tells", parameters: { type: "object" } },
    { name: "other", label: "", description: "", parameters: {} },
  ];
  expect(askedOf(seeing, { ...options, tools }).body).toEqual({
    model: "Small",
    messages: [
      {
        role: "user",
        content: [
          { type: "image_url", image_url: { url } },
          { type: "text", text: "What?" },
        ],
      },
    ],
    tools: [
      { type: "function", function: { name: "clock", description: "Tells", parameters: { type: "object" } } },
    ],
  });
});

test("an expression and choices are asked for beside what OpenAI's client knows", () => {
  const shaped: Setup = { ...setup, parameters: { shape: { type: "regex", pattern: "a" } } };
  const asked = askedOf(shaped, options);
  expect(asked.body.structured_outputs).toEqual({ regex: "a" });
  expect(codeIn("python", asked)).toContain("extra_body={");
});

test("functions of one's own, their calls and results are in the program", () => {
  const weather = { name: "get_weather", description: "", parameters: { type: "object" } };
  const called: Setup = {
    ...setup,
    system: "",
    parameters: { functions: [weather] },
    messages: [
      ...setup.messages,
      {
        role: "assistant",
        parts: [
          { type: "tool_call", id: "c1", name: "get_weather", arguments: "{}" },
          { type: "tool_result", id: "c1", text: "rain", is_error: false },
        ],
      },
    ],
  };
  const { body } = askedOf(called, options);
  expect(body.tools).toEqual([{ type: "function", function: weather }]);
  expect((body.messages as unknown[]).slice(1)).toEqual([
    {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "c1", type: "function", function: { name: "get_weather", arguments: "{}" } }],
    },
    { role: "tool", tool_call_id: "c1", content: "rain" },
  ]);
});

test("each language spells what the others do", () => {
  const asked = askedOf(setup, options);
  const python = codeIn("python", asked);
  expect(python).toContain('base_url="https://parley.example/v1"');
  expect(python).toContain("True,");
  expect(python).toContain("None,");
  expect(codeIn("curl", asked)).toContain("line '\\''two'\\'' 🙂");
  expect(codeIn("javascript", asked)).toContain('"https://parley.example/v1/chat/completions"');
});
