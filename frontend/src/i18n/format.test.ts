import { expect, test } from "vitest";
import { calendarDayText } from "./format";

test("a day of the calendar is the same day in every time zone, as the language writes it", () => {
  const zone = process.env.TZ;
  for (const there of ["Pacific/Auckland", "America/Los_Angeles", "UTC"]) {
    process.env.TZ = there;
    expect(calendarDayText("2026-11-21")).toBe("Nov 21, 2026");
  }
  process.env.TZ = zone;
});
