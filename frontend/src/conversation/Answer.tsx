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

/** An answer, live while it is written and stored afterwards: the same view of the same parts. */
export const Answer = memo(function Answer(props: AnswerProps) {
  const { message } = props;
  if (!hasEnded(message.status) && message.generation) {
    return <LiveAnswer {...props} generation={message.generation.id} />;
  }
  return <AnswerView {...props} shown={stored(message)} />;
});

function LiveAnswer({ generation, ...props }: AnswerProps & { generation: Id }) {
  const { status, parts, notices, error, model } = useAnswer(generation);
  return <AnswerView {...props} shown={{ status, parts, notices, error, model }} />;
}

function stored({ status, parts, generation, model }: Message): Shown {
  return { status, parts, notices: [], error: generation?.error ?? null, model };
}
