// Keeps the shell, so that Parley opens without a network and can say so. What the server tells is never kept: nothing
// old is ever shown as if it were new.
"use strict";

const SHELL = "parley-shell";
const PAGE = "/";
/** Named by their content: such a file never changes. */
const NAMED_BY_CONTENT = /^\/assets\/.+-[\w-]{8,}\.\w+$/;
/** What the server answers itself; everything else that is navigated to is the app's. */
const NOT_OURS = /^\/(?:api|v1|ws|_allauth|admin|static|sign-in|healthz|metrics)(?:\/|$)/;

self.addEventListener("install", (event) => {
  event.waitUntil(keepPage().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate" && !NOT_OURS.test(address.pathname)) event.respondWith(page(request));
  else if (NAMED_BY_CONTENT.test(address.pathname)) event.respondWith(file(request));
});

/** The newest page; the kept one only where there is no network. */
async function page(request) {
  try {
    const answer = await fetch(request);
    if (answer.ok) await keep(answer.clone());
    return answer;
  } catch (problem) {
    const kept = await (await caches.open(SHELL)).match(PAGE);
    if (kept) return kept;
    throw problem;
  }
}

async function file(request) {
  const shell = await caches.open(SHELL);
  const kept = await shell.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await shell.put(request, answer.clone());
  return answer;
}

async function keepPage() {
  await keep(await fetch(PAGE, { cache: "no-cache" }));
}

/** With another page come other files: those of the old one are of no use any more. */
async function keep(answer) {
  const shell = await caches.open(SHELL);
  const text = await answer.clone().text();
  const before = await (await shell.match(PAGE))?.text();
  if (before === text) return;
  if (before !== undefined) for (const request of await shell.keys()) await shell.delete(request);
  await shell.put(PAGE, answer);
}
