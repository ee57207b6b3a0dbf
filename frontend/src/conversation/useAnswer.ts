import { startTransition, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Id } from "../api/types";
import { useParley } from "../shell/parley";
import { type AnswerState, emptyAnswer } from "./answer";
import { type Pace, paced } from "./pace";

type Drawn = { generation: Id; state: AnswerState };

/**
 * The answer of a generation as it is being written; null where none is. Nothing above the caller renders for a token, and
 * what it renders is a transition: the browser does it in pieces, between which it scrolls and takes what is typed.
 */
export function useAnswer(generation: Id | null): AnswerState | null {
  const { following } = useParley().live;
  const [drawn, setDrawn] = useState<Drawn | null>(null);
  const pace = useRef<Pace | null>(null);
  useEffect(() => {
    if (!generation) return;
    following.follow(generation);
    const look = () => {
      const state = following.state(generation);
      // None: it has ended, and the conversation is about to say how.
      if (state) startTransition(() => setDrawn({ generation, state }));
    };
    const mine = paced(look);
    pace.current = mine;
    const leave = following.subscribe(generation, mine.ask);
    look();
    return () => {
      leave();
      mine.cancel();
    };
  }, [following, generation]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each of its drawings
  useLayoutEffect(() => pace.current?.drawn(), [drawn]);
  if (!generation) return null;
  return drawn?.generation === generation ? drawn.state : (following.state(generation) ?? emptyAnswer);
}
