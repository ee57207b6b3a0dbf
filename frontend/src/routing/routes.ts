// The addresses of the app, to and from values.

import type { Id } from "../api/types";

export const SETTINGS_PAGES = [
  "profile",
  "appearance",
  "models",
  "rules",
  "prompts",
  "keys",
  "sessions",
  "data",
  "workspace",
  "people",
  "usage",
  "budgets",
  "retention",
  "health",
] as const;
export type SettingsPage = (typeof SETTINGS_PAGES)[number];

export type Route =
  | { room: "new" }
  /** `message`: show the branch with this message, and scroll to it. */
  | { room: "conversation"; conversation: Id; message?: Id }
  | { room: "settings"; page: SettingsPage }
  | { room: "search"; words: string }
  /** `preset`: one whose setup is to be loaded. */
  | { room: "playground"; run: Id | null; preset: Id | null }
  /** All of them (null), or the editor of one. */
  | { room: "bots"; bot: Id | "new" | null }
  | { room: "library"; folder: Id | null; tag: string; archived: boolean; order: "newest" | "oldest" }
  /** What somebody has shared; nobody need be signed in. */
  | { room: "shared"; token: string }
  /** An invitation: whoever has it makes an account of their own. */
  | { room: "join"; token: string }
  | { room: "sign-in" }
  | { room: "unknown" };

function isSettingsPage(text: string | undefined): text is SettingsPage {
  return SETTINGS_PAGES.some((page) => page === text);
}

export function routeOf(pathname: string, search: string): Route {
  const [room, name, ...rest] = pathname.split("/").filter(Boolean).map(decoded);
  const query = new URLSearchParams(search);
  if (rest.length) return { room: "unknown" };
  if (room === undefined) return { room: "new" };
  if (room === "c" && name) {
    const message = query.get("message");
    return message
      ? { room: "conversation", conversation: name, message }
      : { room: "conversation", conversation: name };
  }
  if (room === "settings" && name === undefined) return { room: "settings", page: "profile" };
  if (room === "bots") return { room: "bots", bot: name ?? null };
  // Where bots stood once.
  if (room === "settings" && name === "bots") return { room: "bots", bot: null };
  if (room === "settings" && isSettingsPage(name)) return { room: "settings", page: name };
  if (room === "search" && name === undefined) return { room: "search", words: query.get("q") ?? "" };
  if (room === "playground" && name === undefined) {
    return { room: "playground", run: query.get("run"), preset: query.get("preset") };
  }
  if (room === "library" && name === undefined) {
    return {
      room: "library",
      folder: query.get("folder"),
      tag: query.get("tag") ?? "",
      archived: query.get("archived") === "true",
      order: query.get("order") === "oldest" ? "oldest" : "newest",
    };
  }
  if (room === "shared" && name) return { room: "shared", token: name };
  if (room === "join" && name) return { room: "join", token: name };
  if (room === "sign-in" && name === undefined) return { room: "sign-in" };
  return { room: "unknown" };
}

export function addressOf(route: Route): string {
  switch (route.room) {
    case "conversation": {
      const path = `/c/${encodeURIComponent(route.conversation)}`;
      return route.message ? `${path}?message=${encodeURIComponent(route.message)}` : path;
    }
    case "settings":
      return `/settings/${route.page}`;
    case "search":
      return route.words ? `/search?q=${encodeURIComponent(route.words)}` : "/search";
    case "bots":
      return route.bot ? `/bots/${encodeURIComponent(route.bot)}` : "/bots";
    case "library":
      return libraryAddress(route);
    case "playground":
      return playgroundAddress(route);
    case "shared":
      return `/shared/${encodeURIComponent(route.token)}`;
    case "join":
      return `/join/${encodeURIComponent(route.token)}`;
    case "sign-in":
      return "/sign-in";
    default:
      return "/";
  }
}

function libraryAddress({ folder, tag, archived, order }: Route & { room: "library" }): string {
  const query = new URLSearchParams();
  if (folder) query.set("folder", folder);
  if (tag) query.set("tag", tag);
  if (archived) query.set("archived", "true");
  if (order === "oldest") query.set("order", order);
  const words = query.toString();
  return words ? `/library?${words}` : "/library";
}

function playgroundAddress({ run, preset }: Route & { room: "playground" }): string {
  const query = new URLSearchParams();
  if (run) query.set("run", run);
  if (preset) query.set("preset", preset);
  const words = query.toString();
  return words ? `/playground?${words}` : "/playground";
}

/** All conversations that are not put away, newest first. */
export const LIBRARY = { room: "library", folder: null, tag: "", archived: false, order: "newest" } as const;

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
