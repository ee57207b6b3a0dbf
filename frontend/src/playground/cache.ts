// What an ending changes in the runs that are known. Apart from the room, which is loaded when somebody goes there.

import type { QueryClient } from "@tanstack/react-query";
import type { Id } from "../api/types";
import type { AnswerState } from "../conversation/answer";
import type { Column, Run } from "./shapes";

/** Shows how an answer of a run ended, and asks for its figures. */
export function showRunEnding(queries: QueryClient, generation: Id, state: AnswerState): void {
  for (const [key, run] of queries.getQueriesData<Run>({ queryKey: ["run"] })) {
    if (!run?.answers.some((answer) => answer.generation?.id === generation)) continue;
    const answers = run.answers.map((answer) => ended(answer, generation, state));
    queries.setQueryData<Run>(key, { ...run, answers });
    void queries.invalidateQueries({ queryKey: key });
  }
}

function ended(answer: Column, generation: Id, state: AnswerState): Column {
  if (answer.generation?.id !== generation || state.status === "queued") return answer;
  return {
    ...answer,
    status: state.status,
    parts: [...state.parts],
    generation: { ...answer.generation, status: state.status, last_seq: state.seq, error: state.error },
  };
}
