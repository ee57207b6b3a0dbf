import fc from "fast-check";
import { expect, test } from "vitest";
import { type Event, type Numbered, textOf } from "../conversation/answer";
import { tapes } from "../conversation/tapes";
import { always } from "../testing/always";
import { Following } from "./following";
import type { Sent } from "./frames";

function follower() {
  const asked: Sent[] = [];
  const told: string[] = [];
  const following = new Following((frame) => asked.push(frame) > 0, {
    started: (id) => told.push(`started ${id}`),
    ended: (id, state) => told.push(`${state.status} ${id}`),
  });
  return { following, asked, told };
}

const frame = (generation: string, { seq, event }: Numbered) =>
  ({ type: "event", generation, seq, at: 0, event }) as const;
const delta = (seq: number): Numbered => ({ seq, event: { type: "delta", text: String(seq) } });

test("a gap asks once for what is missing, until the server has taken up the wish", () => {
  const { following, asked } = follower();
  following.follow("g");
  following.acknowledged("g");
  following.receive(frame("g", delta(1)));
  following.receive(frame("g", delta(4)));
  following.receive(frame("g", delta(5)));
  expect(asked.map((sent) => sent.type === "generation.follow" && sent.after)).toEqual([0, 1]);
  for (const seq of [2, 3, 4, 5]) following.receive(frame("g", delta(seq)));
  expect(textOf(following.state("g")?.parts ?? [])).toBe("12345");
});

test("a gap right after a post of ours asks from the start", () => {
  const { following, asked } = follower();
  following.adopt("g");
  expect(asked).toEqual([]);
  following.receive(frame("g", delta(2)));
  expect(asked).toMatchObject([{ type: "generation.follow", after: 0 }]);
});

test("after a reconnect each live answer is followed after its last number, ended ones are not", () => {
  const { following, asked } = follower();
  following.adopt("live");
  following.adopt("ended");
  following.receive(frame("live", delta(1)));
  following.receive(frame("ended", { seq: 1, event: { type: "stopped" } }));
  following.reconnected();
  expect(asked).toMatchObject([{ generation: "live", after: 1 }]);
});

test("start and end are told once each", () => {
  const { following, told } = follower();
  following.adopt("g");
  const end: Event = { type: "finished", reason: "stop" };
  for (const numbered of [delta(1), delta(1), { seq: 2, event: end }, { seq: 2, event: end }])
    following.receive(frame("g", numbered));
  expect(told).toEqual(["started g", "completed g"]);
});

test("only readers of the same answer are told of a token", () => {
  const { following } = follower();
  following.adopt("a");
  following.adopt("b");
  let reads = 0;
  const leave = following.subscribe("a", () => {
    reads += 1;
  });
  following.receive(frame("b", delta(1)));
  following.receive(frame("a", delta(1)));
  leave();
  following.receive(frame("a", delta(2)));
  expect(reads).toBe(1);
});

/** A server whose connection breaks at any moment; it serves a follow from the tape, in order. */
test.each(tapes)("the tape %s arrives whole over any number of broken connections", (_name, tape) => {
  always(
    fc.property(fc.array(fc.nat(6), { maxLength: 30 }), (lengths) => {
      let wanted: number | null = null;
      const following = new Following(
        (sent) => {
          if (sent.type === "generation.follow") wanted = sent.after;
          return true;
        },
        { started: () => undefined, ended: () => undefined },
      );
      following.follow("g");
      for (const length of [...lengths, tape.length]) {
        const from: number = wanted ?? 0;
        for (const numbered of tape.slice(from, from + length)) following.receive(frame("g", numbered));
        following.reconnected();
      }
      expect(following.state("g")?.seq).toBe(tape.length);
    }),
  );
});
