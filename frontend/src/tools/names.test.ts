import { describe, expect, it } from "vitest";
import { aboutOf, titleOf } from "./names";

describe("the names of tools", () => {
  it("are those that people give to what is built in", () => {
    expect(titleOf({ name: "current_time", label: "" })).toBe("Clock");
  });

  it.each(["constructor", "toString", "__proto__"])("are shown as a model made them up: %s", (name) => {
    expect(titleOf({ name, label: "" })).toBe(name);
    expect(aboutOf({ name, label: "", description: "What it does" })).toBe("What it does");
  });
});
