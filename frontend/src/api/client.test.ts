import { afterEach, expect, test, vi } from "vitest";
import { get, onSignedOut, post, remove } from "./client";
import { Problem } from "./problem";

function answer(status: number, body: unknown, type = "application/json"): void {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  vi.spyOn(globalThis, "fetch").mockImplementation(
    async () => new Response(status === 204 ? null : text, { status, headers: { "content-type": type } }),
  );
}

async function problemOf(asking: Promise<unknown>): Promise<Problem> {
  const problem = await asking.then(
    () => null,
    (caught: unknown) => caught,
  );
  if (!(problem instanceof Problem)) throw new Error("no problem was thrown");
  return problem;
}

afterEach(() => {
  // biome-ignore lint/suspicious/noDocumentCookie: the cookie store is not everywhere, and the client reads the old way
  document.cookie = "csrftoken=; max-age=0";
});

test("a write carries the token of the page, a read does not", async () => {
  // biome-ignore lint/suspicious/noDocumentCookie: see above
  document.cookie = "csrftoken=t%20ok";
  answer(200, {});
  await post("/api/v1/keys", { name: "x" });
  await get("/api/v1/keys", { query: { limit: 2, cursor: null } });
  const [[, write], [address, read]] = vi.mocked(fetch).mock.calls as [
    [string, RequestInit],
    [string, RequestInit],
  ];
  expect(write.headers).toMatchObject({ "X-CSRFToken": "t ok" });
  expect(read.headers).not.toHaveProperty("X-CSRFToken");
  expect(address).toBe("/api/v1/keys?limit=2");
});

const outlives = () => vi.mocked(fetch).mock.calls.map(([, init]) => init?.keepalive ?? false);

test("a change is made although its page is left, as long as all of them together are small", async () => {
  answer(200, {});
  await get("/api/v1/keys");
  await post("/api/v1/keys", { name: "x" });
  await post("/api/v1/keys", { name: "é".repeat(33_000) });
  await post("/api/v1/keys", { name: "x".repeat(33_000) });
  expect(outlives()).toEqual([false, true, false, true]);
  const together = ["x", "y", "z"].map((letter) => post("/api/v1/keys", { name: letter.repeat(30_000) }));
  await remove("/api/v1/keys/1");
  await Promise.all(together);
  expect(outlives().slice(4)).toEqual([true, true, false, true]);
});

test("a change that fails takes no room from those after it", async () => {
  vi.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("Failed to fetch"));
  for (let count = 0; count < 3; count++) await problemOf(post("/api/v1/keys", { name: "x".repeat(60_000) }));
  expect(outlives()).toEqual([true, true, true]);
});

test("a problem says what the server said, field by field", async () => {
  const errors = [{ field: "base_url", message: "Nobody answers there." }];
  answer(
    422,
    { detail: "Correct this.", code: "invalid", retry_after: null, errors },
    "application/problem+json",
  );
  const problem = await problemOf(post("/api/v1/endpoints", {}));
  expect(problem).toMatchObject({ message: "Correct this.", code: "invalid", status: 422 });
  expect(problem.fields).toEqual({ base_url: "Nobody answers there." });
});

test("allauth's errors are read as well", async () => {
  answer(400, { status: 400, errors: [{ message: "Wrong password.", code: "x", param: "password" }] });
  const problem = await problemOf(post("/_allauth/browser/v1/auth/login", {}));
  expect(problem.message).toBe("Wrong password.");
  expect(problem.fields).toEqual({ password: "Wrong password." });
});

test("HTML from a proxy becomes a sentence, not a page of tags", async () => {
  answer(502, "<html>Bad gateway</html>", "text/html");
  const problem = await problemOf(get("/api/v1/me"));
  expect(problem.message).not.toContain("<");
  expect(problem.isTransient).toBe(true);
});

test("no network is a problem that may pass", async () => {
  vi.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("Failed to fetch"));
  expect(await problemOf(get("/api/v1/me"))).toMatchObject({ code: "unreachable", isTransient: true });
});

test("a 401 of ours tells that nobody is signed in; one of the sign-in page does not", async () => {
  const tell = vi.fn();
  const leave = onSignedOut(tell);
  answer(401, { errors: [] });
  await problemOf(post("/_allauth/browser/v1/auth/login", {}));
  expect(tell).not.toHaveBeenCalled();
  answer(401, { detail: "Sign in.", code: "not_signed_in" });
  await problemOf(get("/api/v1/bots"));
  expect(tell).toHaveBeenCalledOnce();
  leave();
});

test("an empty answer is null", async () => {
  answer(204, null);
  expect(await remove("/api/v1/keys/1")).toBeNull();
});
