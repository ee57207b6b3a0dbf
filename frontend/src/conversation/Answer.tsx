import { memo } from "react";
import type { Id, Message } from "../api/types";
import { AnswerView, type Shown } from "./AnswerView";
import { hasEnded } from "./answer";
import { useAnswer } from "./useAnswer";

export type AnswerProps = {
  message: Message;
  siblings: readonly Message[];
  conversation: Id;
  bot: Id | null;
  isBusy: boolean;
  isLast: boolean;
};

/** An answer, live while it is written and stored afterwards: one view of the same parts, which stays when the one becomes the other. */
export const Answer = memo(function Answer(props: AnswerProps) {
  const { message } = props;
  const live = useAnswer(hasEnded(message.status) ? null : (message.generation?.id ?? null));
  return <AnswerView {...props} shown={live ?? stored(message)} />;
});

function stored({ status, parts, generation, model }: Message): Shown {
  return { status, parts, notices: [], error: generation?.error ?? null, model };
}
