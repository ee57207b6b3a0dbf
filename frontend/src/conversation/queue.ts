// Whose turn it is among the posts that wait for an answer to end.

import type { Conversation, Id, Message } from "../api/types";
import type { OutboxItem } from "../realtime/outbox_store";
import { branchTo } from "./tree";

/** The held post whose turn it is, and the message that it is said to (null: the conversation is empty). */
export type Turn = {
  item: OutboxItem;
  parent: Id | null;
  /** The answer before it failed: the person may want to change what they say next. */
  needsConsent: boolean;
};

type Posts = readonly OutboxItem[];

/** The keys of posts that the server has taken, but whose answers this picture of the conversation does not show. */
export function unseenOf(posts: Posts, conversation: Conversation): readonly Id[] {
  const known = new Set(conversation.messages.map(({ id }) => id));
  return posts
    .filter(({ accepted }) => accepted?.conversation === conversation.id && !known.has(accepted.answer))
    .map(({ key }) => key);
}

/**
 * True while something is being said or answered: what comes next must wait. `gone`: the keys of taken posts that the
 * server no longer has, because the conversation was cleared.
 */
export function isBusy(posts: Posts, conversation: Conversation, gone: ReadonlySet<Id>): boolean {
  const isOnItsWay = waitingIn(posts, conversation).some(({ isHeld }) => !isHeld);
  return (
    lastOf(conversation)?.status === "writing" ||
    isOnItsWay ||
    unseenOf(posts, conversation).some((key) => !gone.has(key))
  );
}

/** Null when nothing is held, or while something is being said or answered. */
export function turnIn(posts: Posts, conversation: Conversation, gone: ReadonlySet<Id>): Turn | null {
  const item = waitingIn(posts, conversation)[0];
  if (!item?.isHeld || isBusy(posts, conversation, gone)) return null;
  const last = lastOf(conversation);
  const isSmooth = !last || last.status === "completed" || last.status === "stopped";
  return { item, parent: last?.id ?? null, needsConsent: !isSmooth };
}

const waitingIn = (posts: Posts, { id }: Conversation) =>
  posts.filter(({ accepted, conversation }) => !accepted && conversation === id);

const lastOf = ({ messages, leaf }: Conversation): Message | undefined => branchTo(messages, leaf).at(-1);
