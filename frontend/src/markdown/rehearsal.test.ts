import { expect, test, vi } from "vitest";
import { Reader } from "./reader";
import { rehearse } from "./rehearsal";

test("before the first answer everything has been read once, each piece when nothing else was to be done", async () => {
  const idle: (() => void)[] = [];
  vi.stubGlobal("requestIdleCallback", (work: () => void) => idle.push(work));
  const read = vi.spyOn(Reader.prototype, "read");
  const rehearsed = rehearse();
  expect(read).not.toHaveBeenCalled();
  const kinds = new Set<string>();
  while (idle.length) {
    read.mockClear();
    idle.pop()?.();
    await Promise.resolve();
    await Promise.resolve();
    const whole = read.mock.results.at(-1);
    if (whole?.type === "return") for (const { type } of whole.value.blocks) kinds.add(type);
  }
  await rehearsed;
  vi.unstubAllGlobals();
  for (const kind of ["paragraph", "heading", "list", "blockquote", "table", "code", "footnoteDefinition"])
    expect(kinds).toContain(kind);
});
