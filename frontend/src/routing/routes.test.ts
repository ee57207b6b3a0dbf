import { expect, test } from "vitest";
import { addressOf, type Route, routeOf } from "./routes";

const routes: Route[] = [
  { room: "new" },
  { room: "conversation", conversation: "0193-a" },
  { room: "conversation", conversation: "0193-a", message: "0193-b" },
  { room: "settings", page: "models" },
  { room: "search", words: "" },
  { room: "bots", bot: null },
  { room: "bots", bot: "new" },
  { room: "bots", bot: "0193-b" },
  { room: "search", words: "a & b / ü" },
  { room: "sign-in" },
  { room: "library", folder: null, tag: "", archived: false, order: "newest" },
  { room: "library", folder: "0193-f", tag: "a & b", archived: true, order: "oldest" },
  { room: "shared", token: "a-b_c" },
];

test.each(routes)("an address leads back to its route: %o", (route) => {
  const { pathname, search } = new URL(addressOf(route), "http://parley.test");
  expect(routeOf(pathname, search)).toEqual(route);
});

test("what we do not know is unknown, and settings open at the profile", () => {
  for (const path of ["/nowhere", "/c/a/b", "/settings/nowhere", "/%E0%A4%A"]) {
    expect(routeOf(path, "").room).toBe("unknown");
  }
  expect(routeOf("/settings", "")).toEqual({ room: "settings", page: "profile" });
});
