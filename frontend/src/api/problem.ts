/** What went wrong with a request, in words for a person; `code` is for us. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryAfterS: number | null;
  /** By field name, where the server named fields. */
  readonly fields: Readonly<Record<string, string>>;

  constructor(
    message: string,
    given: { status: number; code: string; retryAfterS?: number | null; fields?: Record<string, string> },
  ) {
    super(message);
    this.name = "Problem";
    this.status = given.status;
    this.code = given.code;
    this.retryAfterS = given.retryAfterS ?? null;
    this.fields = given.fields ?? {};
  }

  /** The server was not reached, or could not answer: asking again may help. */
  get isTransient(): boolean {
    return this.status === 0 || this.status >= 500;
  }
}

type Body = Record<string, unknown>;

function isBody(value: unknown): value is Body {
  return typeof value === "object" && value !== null;
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** Parley names the field `field`; allauth, which signs people in, names it `param`. */
function fieldsOf(body: Body): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const entry of Array.isArray(body.errors) ? body.errors : []) {
    if (!isBody(entry)) continue;
    const name = text(entry.field) ?? text(entry.param);
    const message = text(entry.message);
    if (name && message) fields[name] = message;
  }
  return fields;
}

function firstError(body: Body): string | null {
  const first: unknown = Array.isArray(body.errors) ? body.errors[0] : null;
  return isBody(first) ? text(first.message) : null;
}

/** The problem in an answer that is not a success, whoever wrote it (a proxy may answer HTML). */
export function problemFrom(status: number, body: unknown, fallback: string): Problem {
  if (!isBody(body)) return new Problem(fallback, { status, code: `http_${status}` });
  const retryAfter = body.retry_after;
  return new Problem(text(body.detail) ?? firstError(body) ?? fallback, {
    status,
    code: text(body.code) ?? `http_${status}`,
    retryAfterS: typeof retryAfter === "number" ? retryAfter : null,
    fields: fieldsOf(body),
  });
}
