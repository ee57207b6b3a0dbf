import { t } from "../i18n/t";
import { newTrace } from "../realtime/trace";
import { Problem, problemFrom } from "./problem";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

type Options = {
  body?: unknown;
  signal?: AbortSignal;
  query?: Record<string, string | number | null>;
};

/** Of all changes on their way together: browsers refuse what would be more (Fetch: "inflight keepalive bytes"). */
const OUTLIVING_BYTES = 65_536;
let outlivingBytes = 0;

type SignedOutListener = () => void;

const signedOutListeners = new Set<SignedOutListener>();

/** Called whenever the server says that nobody is signed in any more. */
export function onSignedOut(listener: SignedOutListener): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

export function cookie(name: string): string {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

function address(path: string, query: Options["query"]): string {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== null && value !== "");
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  return given.length ? `${path}?${search}` : path;
}

async function bodyOf(response: Response): Promise<unknown> {
  if (response.status === 204) return null;
  const type = response.headers.get("content-type") ?? "";
  return type.includes("json") ? response.json() : null;
}

async function fetchOrProblem(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new Problem(t("error.unreachable"), { status: 0, code: "unreachable" });
  }
}

/**
 * One request to our own server. Throws `Problem`; a 401 also tells everyone that the session is over. The browser finishes
 * a change without us, if the page is left meanwhile, unless it is too large for that.
 */
export async function request<Answer>(method: Method, path: string, options: Options = {}): Promise<Answer> {
  const body = options.body === undefined ? undefined : JSON.stringify(options.body);
  const bytes = new TextEncoder().encode(body).length;
  const keepalive = method !== "GET" && outlivingBytes + bytes <= OUTLIVING_BYTES;
  if (!keepalive) return answered(method, path, options, { body });
  outlivingBytes += bytes;
  try {
    return await answered(method, path, options, { body, keepalive });
  } finally {
    outlivingBytes -= bytes;
  }
}

async function answered<Answer>(
  method: Method,
  path: string,
  options: Options,
  init: { body: string | undefined; keepalive?: boolean },
): Promise<Answer> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET")
    Object.assign(headers, { "X-CSRFToken": cookie("csrftoken"), traceparent: newTrace() });
  if (init.body !== undefined) headers["Content-Type"] = "application/json";
  const response = await fetchOrProblem(address(path, options.query), {
    method,
    headers,
    credentials: "same-origin",
    signal: options.signal,
    ...init,
  });
  const body = await bodyOf(response);
  // The cast is the border: the shape is the server's promise, kept by its own schema tests.
  if (response.ok) return body as Answer;
  if (response.status === 401 && path.startsWith("/api/")) for (const tell of signedOutListeners) tell();
  throw problemFrom(response.status, body, t("error.status", { status: response.status }));
}

/** A file as the body of a request, as it is; `tell` hears how much of it has left, from 0 to 1. */
export function upload<Answer>(
  path: string,
  file: Blob,
  options: { query: Options["query"]; tell: (share: number) => void },
): Promise<Answer> {
  return new Promise((done, failed) => {
    // fetch tells nothing of what has left.
    const sending = new XMLHttpRequest();
    sending.open("POST", address(path, options.query));
    sending.responseType = "json";
    sending.setRequestHeader("Accept", "application/json");
    sending.setRequestHeader("X-CSRFToken", cookie("csrftoken"));
    sending.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    sending.upload.onprogress = ({ loaded, total }) => options.tell(total ? loaded / total : 0);
    sending.onerror = () => failed(new Problem(t("error.unreachable"), { status: 0, code: "unreachable" }));
    sending.onload = () => {
      const { status, response } = sending;
      if (status >= 200 && status < 300) done(response as Answer);
      else failed(problemFrom(status, response, t("error.status", { status })));
    };
    sending.send(file);
  });
}

export const get = <Answer>(path: string, options?: Options) => request<Answer>("GET", path, options);
export const post = <Answer>(path: string, body?: unknown) => request<Answer>("POST", path, { body });
export const patch = <Answer>(path: string, body: unknown) => request<Answer>("PATCH", path, { body });
export const put = <Answer>(path: string, body: unknown) => request<Answer>("PUT", path, { body });
export const remove = (path: string) => request<null>("DELETE", path);
