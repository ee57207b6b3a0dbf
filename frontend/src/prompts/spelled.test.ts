import { expect, test } from "vitest";
import { spelledIn } from "./spelled";

test("a slash, a name and what follows call a prompt", () => {
  expect(spelledIn("/list")).toEqual({ name: "list", rest: "" });
  expect(spelledIn("/List eggs\nand milk ")).toEqual({ name: "list", rest: "eggs\nand milk" });
  expect(spelledIn("/übung-2\n\nBitte")).toEqual({ name: "übung-2", rest: "Bitte" });
});

test.each(["/etc/hosts is what?", "/ list", "Use /list", "1/2", "//list", "/list, please"])(
  "%j is said as it stands",
  (text) => expect(spelledIn(text)).toBeNull(),
);
