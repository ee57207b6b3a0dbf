import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { always } from "../testing/always";
import { type AnswerState, type Event, emptyAnswer, hasEnded, type Numbered, step, textOf } from "./answer";
import { tapes } from "./tapes";

function play(tape: readonly Numbered[], from: AnswerState = emptyAnswer): AnswerState {
  return tape.reduce((state, numbered) => {
    const result = step(state, numbered);
    return result.type === "next" ? result.state : state;
  }, from);
}

/** A browser with a bad network: frames come doubled, late or not at all; on a gap it follows again. */
function playBadly(tape: readonly Numbered[], choices: readonly number[]): AnswerState {
  let state = emptyAnswer;
  let cursor = 0;
  const chaos = choices[Symbol.iterator]();
  for (let budget = tape.length * 20 + 400; state.seq < tape.length && budget > 0; budget -= 1) {
    const choice = chaos.next().value ?? 0;
    if (choice % 5 === 1) cursor = Math.min(tape.length - 1, cursor + (choice % 7)); // some are lost
    if (choice % 5 === 2) cursor = Math.max(0, cursor - (choice % 11)); // some come again
    if (choice % 5 === 3) cursor = state.seq; // a reconnect follows after the last
    const numbered = tape[cursor];
    cursor += 1;
    const result = numbered ? step(state, numbered) : { type: "gap" as const, after: state.seq };
    if (result.type === "next") state = result.state;
    if (result.type === "gap") cursor = result.after;
  }
  return state;
}

const middle: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant("delta" as const), text: fc.string() }) },
  fc.record({ type: fc.constant("reasoning" as const), text: fc.string() }),
  fc.record({
    type: fc.constant("tool_result" as const),
    id: fc.string(),
    text: fc.string(),
    is_error: fc.boolean(),
  }),
  fc.constant({ type: "notice" as const, code: "taken_over" }),
  fc.constant({ type: "usage" as const, input_tokens: 1, output_tokens: 2 }),
  fc.constant({ type: "reset" as const }),
);
const ending: fc.Arbitrary<Event> = fc.constantFrom<Event>(
  { type: "finished", reason: "stop" },
  { type: "stopped" },
  { type: "interrupted" },
  { type: "failed", code: "endpoint_silent", message: "Silent.", retryable: true },
);
const generatedTape = fc
  .tuple(fc.array(middle, { maxLength: 40 }), ending)
  .map(([events, end]) => [...events, end].map((event, index): Numbered => ({ seq: index + 1, event })));
const chaos = fc.array(fc.nat(100), { maxLength: 200 });

describe("any order of losses, doubles and reconnects gives the same answer", () => {
  test("for generated tapes", () => {
    always(
      fc.property(generatedTape, chaos, (tape, choices) => {
        expect(playBadly(tape, choices)).toEqual(play(tape));
      }),
      500,
    );
  });

  test.each(tapes)("for the tape %s", (_name, tape) => {
    const whole = play(tape);
    expect(hasEnded(whole.status)).toBe(true);
    always(
      fc.property(chaos, (choices) => {
        expect(playBadly(tape, choices)).toEqual(whole);
      }),
    );
  });
});

test("a reload in the middle and then the rest equals the whole", () => {
  always(
    fc.property(generatedTape, fc.nat(41), (tape, cut) => {
      expect(play(tape, play(tape.slice(0, cut)))).toEqual(play(tape));
    }),
  );
});

test("the text is what came after the last reset", () => {
  always(
    fc.property(generatedTape, (tape) => {
      const last = tape.findLastIndex(({ event }) => event.type === "reset");
      const text = tape
        .slice(last + 1)
        .map(({ event }) => (event.type === "delta" ? event.text : ""))
        .join("");
      expect(textOf(play(tape).parts)).toBe(text);
    }),
  );
});

test("a number seen before changes nothing", () => {
  const state = play([{ seq: 1, event: { type: "delta", text: "a" } }]);
  expect(step(state, { seq: 1, event: { type: "delta", text: "a" } })).toEqual({ type: "ignored" });
});

test("a missing number asks to follow again after the last", () => {
  const state = play([{ seq: 1, event: { type: "delta", text: "a" } }]);
  expect(step(state, { seq: 3, event: { type: "delta", text: "c" } })).toEqual({ type: "gap", after: 1 });
});

test("nothing comes after the end", () => {
  const state = play([{ seq: 1, event: { type: "stopped" } }]);
  expect(step(state, { seq: 2, event: { type: "delta", text: "late" } })).toEqual({ type: "ignored" });
});

test("a failure keeps the text that had come, and says what to do", () => {
  const [, tape] = tapes.find(([name]) => name === "reset.jsonl") ?? ["", []];
  const state = play(tape);
  expect(state.status).toBe("failed");
  expect(textOf(state.parts)).toBe("It is 12 °C.");
  expect(state.error?.retryable).toBe(true);
});

test("an event this version does not know is counted and passed over", () => {
  const unknown = { seq: 1, event: { type: "approval_requested" } } as unknown as Numbered;
  const state = play([unknown, { seq: 2, event: { type: "delta", text: "a" } }]);
  expect(state.seq).toBe(2);
  expect(textOf(state.parts)).toBe("a");
});
