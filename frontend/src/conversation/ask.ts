// Ask for an answer: by a new message through the outbox, or by an edit, a regeneration or a continuation over REST.

import { post } from "../api/client";
import { Problem } from "../api/problem";
import type { FilePart, Id, Message, Part, Posted } from "../api/types";
import { showAnswerTo, showPosted } from "../conversations/cache";
import { createTemporary } from "../conversations/queries";
import { newKey } from "../realtime/key";
import { go } from "../routing/router";
import type { Parley } from "../shell/parley";

type Said = {
  /** Made by whoever asks, so that files can be told which post takes them along. */
  key: Id;
  user: Id;
  /** Null: a new conversation. */
  conversation: Id | null;
  bot: Id | null;
  parent: Id | null;
  parts: Part[];
  /** Waits until the answer that is being written has ended. */
  isHeld: boolean;
};

/** Into the outbox, which brings it to the server whatever happens. A new conversation is addressed by the key until it has a name. */
export async function say(parley: Parley, { conversation, ...said }: Said): Promise<void> {
  const adding = parley.live.outbox.add({ conversation, madeAt: Date.now(), accepted: null, ...said });
  if (conversation === null) go({ room: "conversation", conversation: said.key });
  await adding;
}

/** As they are posted: files stand before the words that are about them. */
export function partsOf(text: string, files: readonly FilePart[]): Part[] {
  return text.trim() || !files.length ? [...files, { type: "text", text }] : [...files];
}

/** In a conversation that is not kept. The server makes it first, so this needs a connection. */
export async function sayTemporarily(
  parley: Parley,
  { bot, ...said }: Omit<Said, "conversation" | "parent" | "isHeld">,
): Promise<void> {
  const { id } = await createTemporary(bot);
  parley.isTemporary.set(false);
  go({ room: "conversation", conversation: id });
  await say(parley, { bot, ...said, conversation: id, parent: null, isHeld: false });
}

type About = { message: Message; conversation: Id };

export async function editMessage(
  parley: Parley,
  { message, parts, bot }: About & { parts: Part[]; bot: Id | null },
): Promise<void> {
  const posted = await postOnce(`/api/v1/messages/${message.id}/edit`, bot ? { parts, bot } : { parts });
  showPosted(parley.queries, posted, {
    parts,
    parent: message.parent,
    newTitle: null,
    bot: parley.knownBot(bot),
  });
  parley.live.following.follow(posted.generation);
}

export async function regenerate(
  parley: Parley,
  { message, bot }: About & { bot: Id | null },
): Promise<void> {
  const posted = await postOnce(`/api/v1/messages/${message.id}/regenerate`, bot ? { bot } : {});
  showAnswerTo(parley.queries, posted, parley.knownBot(bot) ?? message.bot);
  parley.live.following.follow(posted.generation);
}

export async function continueAnswer(parley: Parley, { message }: About): Promise<void> {
  const posted = await postOnce(`/api/v1/messages/${message.id}/continue`, {});
  showAnswerTo(parley.queries, posted, message.bot);
  parley.live.following.follow(posted.generation);
}

/** The keys of requests whose answer never came: asking the same again uses the same key, so it happens once. */
const unanswered = new Map<string, Id>();

async function postOnce(path: string, body: Record<string, unknown>): Promise<Posted> {
  const wish = path + JSON.stringify(body);
  const key = unanswered.get(wish) ?? newKey();
  unanswered.set(wish, key);
  try {
    const posted = await post<Posted>(path, { key, ...body });
    unanswered.delete(wish);
    return posted;
  } catch (problem) {
    if (problem instanceof Problem && !problem.isTransient) unanswered.delete(wish);
    throw problem;
  }
}
