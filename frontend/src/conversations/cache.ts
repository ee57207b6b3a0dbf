// Keeps what is shown of conversations true to the facts that the socket tells, without asking for what is known.

import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import type { Conversation, ConversationSummary, Id, Kept, Message, Page, Part, Posted } from "../api/types";
import type { AnswerState } from "../conversation/answer";
import type { Fact } from "../realtime/frames";
import { conversationKey, conversationsQuery } from "./queries";

type Answerer = Message["bot"];

/** As it is when it has just been made. */
const KEPT: Kept = { folder: null, pinned: false, archived: false, temporary: false, tags: [] };

type List = InfiniteData<Page<ConversationSummary>, string | null>;

/**
 * A post was accepted: show it and its empty answer at once, below `parent` (null: at the root) or the shown leaf.
 * `newTitle`: it has begun a conversation.
 */
export function showPosted(
  queries: QueryClient,
  posted: Posted,
  said: { parts: Part[]; parent: Id | null | "leaf"; bot: Answerer; newTitle: string | null },
): void {
  const now = new Date().toISOString();
  const answer = emptyAnswerTo(posted, said.bot, now);
  const question = (parent: Id | null): Message => ({
    ...blank(posted.message, parent, now),
    role: "user",
    parts: said.parts,
  });
  change(queries, posted.conversation, (known) => {
    if (known) {
      const messages = [question(said.parent === "leaf" ? known.leaf : said.parent), answer];
      return { ...known, leaf: answer.id, messages: withMessages(known.messages, messages) };
    }
    // Of an old conversation that is not loaded we know too little to show anything.
    if (said.newTitle === null) return undefined;
    const summary = { id: posted.conversation, title: said.newTitle, bot: said.bot?.id ?? null, version: 1 };
    return {
      ...KEPT,
      ...summary,
      created_at: now,
      updated_at: now,
      leaf: answer.id,
      messages: [question(null), answer],
    };
  });
}

/** A regeneration or a continuation was accepted: its empty answer stands beside the old one. */
export function showAnswerTo(queries: QueryClient, posted: Posted, bot: Answerer): void {
  const answer = emptyAnswerTo(posted, bot, new Date().toISOString());
  change(
    queries,
    posted.conversation,
    (known) => known && { ...known, leaf: answer.id, messages: withMessages(known.messages, [answer]) },
  );
}

/** An answer to a request that left before this change would undo it, so such a request is made again. */
function change(
  queries: QueryClient,
  conversation: Id,
  changed: (known: Conversation | undefined) => Conversation | undefined,
): void {
  const key = conversationKey(conversation);
  const isOnItsWay = queries.isFetching({ queryKey: key }) > 0;
  queries.setQueryData<Conversation>(key, changed);
  if (isOnItsWay) void queries.invalidateQueries({ queryKey: key });
}

/** An answer has ended: what was folded is what is stored. True if some shown conversation had it. */
export function showEnding(queries: QueryClient, generation: Id, state: AnswerState): boolean {
  let isShown = false;
  for (const [key, known] of queries.getQueriesData<Conversation>({ queryKey: ["conversation"] })) {
    if (!known?.messages.some((message) => message.generation?.id === generation)) continue;
    isShown = true;
    const messages = known.messages.map((message) =>
      message.generation?.id === generation && message.status === "writing" ? ended(message, state) : message,
    );
    queries.setQueryData<Conversation>(key, { ...known, messages });
  }
  return isShown;
}

/** As the list beside tells of it, where that is loaded. */
export function findSummary(queries: QueryClient, id: Id): ConversationSummary | undefined {
  const pages = queries.getQueryData<List>(conversationsQuery.queryKey)?.pages ?? [];
  return pages.flatMap(({ items }) => items).find((item) => item.id === id);
}

export function showLeaf(queries: QueryClient, conversation: Id, leaf: Id): void {
  queries.setQueryData<Conversation>(conversationKey(conversation), (known) => known && { ...known, leaf });
}

/** A name older than what is shown is passed over: of two servers, the one that renamed first may be heard last. */
export function showTitle(queries: QueryClient, conversation: Id, title: string, version?: number): void {
  const named = <Row extends ConversationSummary>(row: Row): Row =>
    row.id === conversation && (version ?? row.version) >= row.version
      ? { ...row, title, version: version ?? row.version }
      : row;
  queries.setQueryData<Conversation>(conversationKey(conversation), (known) => known && named(known));
  changeList(queries, (items) => items.map(named));
}

export function showDeletion(queries: QueryClient, conversation: Id): void {
  changeList(queries, (items) => items.filter((item) => item.id !== conversation));
  void queries.invalidateQueries({ queryKey: ["library"] });
  queries.removeQueries({ queryKey: conversationKey(conversation) });
}

/** Its messages are gone; it stays. */
export function showClearing(queries: QueryClient, conversation: Id): void {
  change(queries, conversation, (known) => known && { ...known, messages: [], leaf: null });
}

/** Some conversation is kept in another way: whatever lists conversations is asked for again. */
export function showKept(queries: QueryClient): void {
  for (const name of ["conversations", "library", "pinned", "folders", "tags"]) {
    void queries.invalidateQueries({ queryKey: [name] });
  }
}

/** What happened, here or on another device. Asks the server again only for what the fact does not say. */
export function applyFact(queries: QueryClient, fact: Fact): void {
  const { conversation } = fact;
  if (!conversation) return;
  if (fact.name === "conversation.created") showNew(queries, conversation, fact.title ?? "");
  else if (fact.name === "conversation.renamed" && fact.title !== undefined) {
    showTitle(queries, conversation, fact.title, fact.version);
  } else if (fact.name === "conversation.cleared") showClearing(queries, conversation);
  else if (fact.name === "conversation.deleted") showDeletion(queries, conversation);
  else if (fact.name === "conversation.kept") {
    showKept(queries);
    void queries.invalidateQueries({ queryKey: conversationKey(conversation) });
  } else if (fact.name === "conversation.leaf_chosen" && fact.leaf)
    showLeaf(queries, conversation, fact.leaf);
  else if (fact.name === "message.added") messageAdded(queries, conversation, fact);
  else if (fact.name === "message.ended") messageEnded(queries, conversation, fact);
}

function messageAdded(queries: QueryClient, conversation: Id, { answer }: Fact): void {
  moveUp(queries, conversation);
  const known = queries.getQueryData<Conversation>(conversationKey(conversation));
  const hasIt = known?.messages.some(({ id }) => id === answer);
  if (known && !hasIt) void queries.invalidateQueries({ queryKey: conversationKey(conversation) });
}

function messageEnded(queries: QueryClient, conversation: Id, { answer, generation }: Fact): void {
  const known = queries.getQueryData<Conversation>(conversationKey(conversation));
  const message = known?.messages.find(({ id, generation: its }) => id === answer || its?.id === generation);
  // An answer that is shown is followed, and ends by its own events.
  const isFollowed = message?.status !== "writing" || isObserved(queries, conversation);
  if (known && (!message || !isFollowed)) {
    void queries.invalidateQueries({ queryKey: conversationKey(conversation) });
  }
}

/** True while some room shows this conversation. */
export function isObserved(queries: QueryClient, conversation: Id): boolean {
  return (
    queries
      .getQueryCache()
      .find({ queryKey: conversationKey(conversation) })
      ?.isActive() ?? false
  );
}

function showNew(queries: QueryClient, id: Id, title: string): void {
  const now = new Date().toISOString();
  const row = { ...KEPT, id, title, bot: null, version: 1, created_at: now, updated_at: now };
  changeList(queries, (items, page) =>
    page || items.some((item) => item.id === id) ? items : [row, ...items],
  );
}

/** To the top of the list, or the list again when it does not have it yet. */
function moveUp(queries: QueryClient, conversation: Id): void {
  const row = findSummary(queries, conversation);
  if (!row) {
    void queries.invalidateQueries({ queryKey: conversationsQuery.queryKey });
    return;
  }
  const moved = { ...row, updated_at: new Date().toISOString() };
  changeList(queries, (items, page) => {
    const others = items.filter(({ id }) => id !== conversation);
    return page === 0 ? [moved, ...others] : others;
  });
}

function changeList(
  queries: QueryClient,
  changed: (items: ConversationSummary[], page: number) => ConversationSummary[],
): void {
  queries.setQueryData<List>(conversationsQuery.queryKey, (known) => {
    if (!known) return known;
    const pages = known.pages.map((page, index) => ({ ...page, items: changed(page.items, index) }));
    return { ...known, pages };
  });
}

function blank(id: Id, parent: Id | null, now: string): Message {
  const nothing = { parts: [], bot: null, model: null, generation: null };
  return { id, parent, role: "assistant", status: "completed", created_at: now, ...nothing };
}

function emptyAnswerTo(posted: Posted, bot: Answerer, now: string): Message {
  const generation = { id: posted.generation, status: "queued", last_seq: 0, error: null };
  return { ...blank(posted.answer, posted.message, now), status: "writing", bot, generation };
}

function ended(message: Message, state: AnswerState): Message {
  const status = state.status === "queued" ? "writing" : state.status;
  return {
    ...message,
    status,
    parts: [...state.parts],
    model: message.model ?? state.model,
    generation: message.generation && {
      ...message.generation,
      status,
      last_seq: state.seq,
      error: state.error,
    },
  };
}

function withMessages(messages: readonly Message[], more: readonly Message[]): Message[] {
  return [...messages, ...more.filter(({ id }) => !messages.some((message) => message.id === id))];
}
