import { post } from "../api/client";
import type { Id, Message, Part } from "../api/types";
import { hasEnded, textOf } from "../conversation/answer";
import { regenerate as askAgain, continueAnswer, editMessage } from "../conversation/ask";
import { type Reason, rate, ratingsQuery } from "../conversation/ratings";
import { newestLeaf } from "../conversation/tree";
import { showKept, showLeaf } from "../conversations/cache";
import { chooseLeaf, conversationQuery, forkConversation } from "../conversations/queries";
import { t } from "../i18n/t";
import { go } from "../routing/router";
import {
  ContinueIcon,
  CopyIcon,
  DislikeIcon,
  EditIcon,
  ForkIcon,
  HelpIcon,
  LikeIcon,
  NextIcon,
  RetryIcon,
  SendIcon,
  StopIcon,
} from "../shell/icons";
import type { Parley } from "../shell/parley";
import type { Action } from "./action";

export type MessageTarget = {
  message: Message;
  conversation: Id;
  /** Who answers, when an answer is asked for. */
  bot: Id | null;
  /** Another answer of the shown branch is being written: nothing may be asked now. */
  isBusy: boolean;
};

const isAnswer = (message: Message) => message.role === "assistant";
const isWriting = (message: Message) => isAnswer(message) && !hasEnded(message.status);

export const stop: Action<MessageTarget> = {
  name: "action.stop",
  icon: StopIcon,
  shortcut: { key: "Escape" },
  allowed: ({ message }) => isWriting(message) && message.generation !== null,
  perform: async (parley, { message }) => {
    const generation = message.generation?.id;
    if (generation && !parley.live.stop(generation)) await post(`/api/v1/generations/${generation}/stop`);
  },
};

export const copy: Action<MessageTarget> = {
  name: "action.copy",
  icon: CopyIcon,
  allowed: ({ message }) => textOf(message.parts) !== "",
  perform: (parley, { message }) => parley.copy(textOf(message.parts)),
};

export const edit: Action<MessageTarget> = {
  name: "action.edit",
  icon: EditIcon,
  allowed: ({ message, isBusy }) => message.role === "user" && !isBusy,
  perform: (parley, { message }) => parley.editing.set(message.id),
};

/** Makes a version beside it; the old one stays. */
export const sendEdited: Action<MessageTarget & { parts: Part[] }> = {
  name: "question.send",
  icon: SendIcon,
  allowed: ({ parts }) => parts.length > 0,
  perform: async (parley, { message, conversation, bot, parts }) => {
    await editMessage(parley, { message, conversation, bot, parts });
    parley.editing.set(null);
  },
};

/** The newest branch through this message, here at once and on the server for everywhere else. */
export const showBranch: Action<{ conversation: Id; message: Id }> = {
  name: "siblings.next",
  icon: NextIcon,
  allowed: () => true,
  perform: async ({ queries }, { conversation, message }) => {
    const known = queries.getQueryData(conversationQuery(conversation).queryKey);
    if (!known) return;
    const leaf = newestLeaf(known.messages, message);
    showLeaf(queries, conversation, leaf);
    await chooseLeaf(conversation, leaf);
  },
};

export const regenerate: Action<MessageTarget> = {
  name: "action.regenerate",
  icon: RetryIcon,
  allowed: ({ message, isBusy }) => isAnswer(message) && hasEnded(message.status) && !isBusy,
  perform: (parley, { message, conversation, bot }) => askAgain(parley, { message, conversation, bot }),
};

/** Goes on from here in a conversation of its own. */
export const fork: Action<MessageTarget> = {
  name: "action.fork",
  icon: ForkIcon,
  allowed: ({ message }) => hasEnded(message.status),
  perform: async (parley, { message, conversation }) => {
    const copy = await forkConversation(conversation, message.id);
    showKept(parley.queries);
    go({ room: "conversation", conversation: copy.id });
    parley.toast.set(t("fork.done"));
  },
};

const isOver = ({ message }: MessageTarget) =>
  isAnswer(message) && hasEnded(message.status) && textOf(message.parts) !== "";

/** Pressing it again takes it back. */
const thumb =
  (value: 1 | -1) =>
  (parley: Parley, { message, conversation }: MessageTarget) => {
    const known = parley.queries.getQueryData(ratingsQuery(conversation).queryKey);
    const isThere = known?.some((one) => one.message === message.id && one.value === value);
    return rate(parley.queries, conversation, {
      message: message.id,
      value: isThere ? 0 : value,
      reason: "",
    });
  };

export const like: Action<MessageTarget> = {
  name: "action.like",
  icon: LikeIcon,
  allowed: isOver,
  perform: thumb(1),
};

export const dislike: Action<MessageTarget> = {
  name: "action.dislike",
  icon: DislikeIcon,
  allowed: isOver,
  perform: thumb(-1),
};

/** Why an answer was no good. */
export const giveReason: Action<{ conversation: Id; message: Id; reason: Reason }> = {
  name: "action.dislike",
  icon: DislikeIcon,
  allowed: () => true,
  perform: ({ queries }, { conversation, message, reason }) =>
    rate(queries, conversation, { message, value: -1, reason }),
};

/** Of a bot that names a rule: which model it chose, and what for. */
export const whyThisModel: Action<MessageTarget> = {
  name: "why.title",
  icon: HelpIcon,
  allowed: ({ message }) => message.bot?.is_rule === true && hasEnded(message.status),
  perform: (parley, { message }) => parley.dialog.set({ type: "decision", message: message.id }),
};

/** The same as regenerating, under the name that fits a failure. */
export const retry: Action<MessageTarget> = { ...regenerate, name: "action.retry" };

export const carryOn: Action<MessageTarget> = {
  name: "action.continue",
  icon: ContinueIcon,
  allowed: ({ message, isBusy }) =>
    isAnswer(message) &&
    ["stopped", "failed", "interrupted"].includes(message.status) &&
    textOf(message.parts) !== "" &&
    !isBusy,
  perform: (parley, { message, conversation }) => continueAnswer(parley, { message, conversation }),
};
