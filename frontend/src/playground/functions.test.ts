import { expect, test } from "vitest";
import { FUNCTION_EXAMPLE, readFunctions } from "./functions";

const weather = { name: "get_weather", description: "", parameters: { type: "object", properties: {} } };

test("one function, several, and those of OpenAI's dialect are read alike", () => {
  const openai = { type: "function", function: { ...weather, name: "other" } };
  expect(readFunctions(JSON.stringify({ name: "get_weather" }))).toEqual([weather]);
  expect(readFunctions(JSON.stringify([weather, openai]))).toEqual([weather, { ...weather, name: "other" }]);
  expect(readFunctions(" ")).toEqual([]);
  expect(readFunctions(FUNCTION_EXAMPLE)).toHaveLength(1);
});

test.each([
  ["{", "json", 1],
  ["7", "json", 1],
  ['{"name": "two words"}', "name", 1],
  ["{}", "name", 1],
  ['{"name": "a", "description": 7}', "description", 1],
  ['[{"name": "a"}, {"name": "b", "parameters": {"type": "string"}}]', "parameters", 2],
  ['[{"name": "a"}, {"name": "a"}]', "twice", 2],
])("%s is told to be wrong: %s", (text, problem, number) => {
  expect(readFunctions(text)).toMatchObject({ problem, number });
});
