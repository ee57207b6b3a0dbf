import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Problem } from "../api/problem";
import type { WrittenDraft } from "../api/types";
import { type DraftServer, DraftSync, PUSH_AFTER_MS, together } from "./draft_sync";
import { Drafts } from "./drafts";

/** The server's side of it, as `conversations/drafts.py` keeps it. */
class Server implements DraftServer {
  text = "";
  version = 0;
  writes = 0;
  isAway = false;

  async read(): Promise<WrittenDraft> {
    if (this.isAway) throw new Problem("away", { status: 0, code: "unreachable" });
    return { text: this.text, version: this.version };
  }

  async write(_conversation: string | null, { text, version }: WrittenDraft): Promise<WrittenDraft> {
    if (this.isAway) throw new Problem("away", { status: 0, code: "unreachable" });
    if (version !== this.version) throw new Problem("stale", { status: 409, code: "conflict" });
    this.text = text;
    this.version += 1;
    this.writes += 1;
    return this.read();
  }
}

const clock = {
  now: () => Date.now(),
  random: () => 0,
  after: (delayMs: number, action: () => void) => {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};
const fact = (version: number) =>
  ({ type: "fact", name: "draft.written", conversation: "c", version }) as const;

function device(server: Server, user = "u") {
  const drafts = new Drafts();
  const sync = new DraftSync(drafts, user, "c", server, clock);
  return {
    sync,
    type: (text: string) => drafts.write(user, "c", text),
    text: () => drafts.of(user, "c").get().text,
  };
}

const pause = () => vi.advanceTimersByTimeAsync(PUSH_AFTER_MS + 50);

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
});
afterEach(() => vi.useRealTimers());

test("what was typed is on the other device after a pause", async () => {
  const server = new Server();
  const here = device(server);
  await pause();
  here.type("D");
  here.type("Dear Ada");
  await pause();
  expect(server).toMatchObject({ text: "Dear Ada", writes: 1 });
  localStorage.clear(); // the other device has nothing of ours
  const there = device(server);
  await pause();
  expect(there.text()).toBe("Dear Ada");
  there.type("Dear Ada,");
  await pause();
  here.sync.heard(fact(2));
  await pause();
  expect(here.text()).toBe("Dear Ada,");
  expect(server.writes).toBe(2);
});

test("nothing that was typed on either device is lost, and nothing that is being typed is overwritten", async () => {
  const server = new Server();
  const here = device(server);
  await pause();
  server.text = "from the phone";
  server.version = 1;
  here.type("from the desk");
  here.sync.heard(fact(1));
  expect(here.text()).toBe("from the desk");
  await pause();
  await pause();
  expect(here.text()).toBe("from the phone\n\nfrom the desk");
  expect(server.text).toBe(here.text());
});

test("what is typed without a network goes out when there is one", async () => {
  const server = new Server();
  server.isAway = true;
  const here = device(server);
  here.type("in a tunnel");
  await pause();
  server.isAway = false;
  await here.sync.look();
  await pause();
  expect(server.text).toBe("in a tunnel");
});

test("a reload in mid-typing remembers that the server does not have it", async () => {
  const server = new Server();
  const before = device(server);
  await pause();
  before.type("one");
  await pause();
  server.isAway = true;
  before.type("one two");
  await vi.advanceTimersByTimeAsync(400);
  server.isAway = false;
  const after = device(server);
  await pause();
  expect(after.text()).toBe("one two");
  expect(server.text).toBe("one two");
});

test("what was sent here is gone there, and a draft that came and went tells nobody", async () => {
  const server = new Server();
  const here = device(server);
  await pause();
  here.type("quick");
  here.type("");
  await pause();
  expect(server.writes).toBe(0);
  here.type("slow");
  await pause();
  here.type("");
  here.sync.end();
  await pause();
  expect(server).toMatchObject({ text: "", version: 2 });
});

test("two texts are put together, unless one holds the other", () => {
  expect(together("abc", "ab")).toBe("abc");
  expect(together("ab", "abc")).toBe("abc");
  expect(together("ab", "")).toBe("ab");
  expect(together("here", "there too")).toBe("there too");
  expect(together("mine", "yours")).toBe("yours\n\nmine");
});
