import { useCallback, useEffect, useSyncExternalStore } from "react";
import type { Id } from "../api/types";
import { useParley } from "../shell/parley";
import { type AnswerState, emptyAnswer } from "./answer";

/** A hidden tab gets no animation frames; it is kept up to date at this pace. */
const HIDDEN_MS = 500;
/** Drawing may take a twelfth of the time at most, however long the answer grows. */
const REST_FACTOR = 11;

/** Calls `draw` at most once a frame, and less often the longer drawing takes. */
export function paced(draw: () => void): { ask: () => void; cancel: () => void } {
  let restUntil = 0;
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const cancel = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    frame = 0;
    timer = undefined;
  };
  const drawNow = () => {
    cancel();
    const startedAt = performance.now();
    draw();
    // React commits what `draw` asked for in a microtask that stands before this one.
    queueMicrotask(() => {
      const now = performance.now();
      restUntil = now + (now - startedAt) * REST_FACTOR;
    });
  };
  const nextFrame = () => {
    frame = requestAnimationFrame(() => (performance.now() < restUntil ? nextFrame() : drawNow()));
  };
  const ask = () => {
    if (frame) return;
    nextFrame();
    timer = setTimeout(drawNow, HIDDEN_MS);
  };
  return { ask, cancel };
}

/** The answer of a generation as it is being written; null where none is. Nothing above the caller renders for a token. */
export function useAnswer(generation: Id | null): AnswerState | null {
  const { following } = useParley().live;
  useEffect(() => {
    if (generation) following.follow(generation);
  }, [following, generation]);
  const subscribe = useCallback(
    (draw: () => void) => {
      if (!generation) return () => undefined;
      const pace = paced(draw);
      const leave = following.subscribe(generation, pace.ask);
      return () => {
        pace.cancel();
        leave();
      };
    },
    [following, generation],
  );
  return useSyncExternalStore(subscribe, () =>
    generation ? (following.state(generation) ?? emptyAnswer) : null,
  );
}
