import { memo } from "react";
import type { Message } from "../api/types";
import { AnswerView, type Shown } from "./AnswerView";
import { hasEnded } from "./answer";
import type { RowProps } from "./row";
import { useAnswer } from "./useAnswer";

/** An answer, live while it is written and stored afterwards: one view of the same parts, which stays when the one becomes the other. */
export const Answer = memo(function Answer(props: RowProps) {
  const { message } = props;
  const live = useAnswer(hasEnded(message.status) ? null : (message.generation?.id ?? null));
  return <AnswerView {...props} shown={live ?? stored(message)} />;
});

function stored({ status, parts, generation, model }: Message): Shown {
  return { status, parts, notices: [], error: generation?.error ?? null, model };
}
