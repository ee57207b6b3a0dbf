import { expect, test } from "vitest";
import { moved } from "./rules";

test("what is moved changes place with its neighbour, and nothing else moves", () => {
  expect(moved(["a", "b", "c"], 2, -1)).toEqual(["a", "c", "b"]);
  expect(moved(["a", "b", "c"], 0, 1)).toEqual(["b", "a", "c"]);
});
