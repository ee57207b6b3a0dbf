import type { Id, Message } from "../api/types";

/** What the list tells each of its messages. */
export type RowProps = {
  message: Message;
  siblings: readonly Message[];
  conversation: Id;
  bot: Id | null;
  isBusy: boolean;
  isLast: boolean;
};
