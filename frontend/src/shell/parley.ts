// The app outside React: made once in main.tsx, and tied together here.

import { QueryClient } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { meQuery } from "../accounts/session";
import { onSignedOut } from "../api/client";
import { Problem } from "../api/problem";
import type { ConversationSummary, Endpoint, Id, Message, Person, Prompt } from "../api/types";
import { botsQuery } from "../bots/queries";
import { type AnswerState, textOf } from "../conversation/answer";
import { Drafts } from "../conversation/drafts";
import { turnIn } from "../conversation/queue";
import { applyFact, isObserved, showDeletion, showEnding, showPosted } from "../conversations/cache";
import { conversationQuery, conversationsQuery, deleteConversation } from "../conversations/queries";
import { type RemovalListener, Removals } from "../conversations/removals";
import { keepLocale, type Locale, openLocale, workspaceLocale } from "../i18n/locale";
import { type Key, t } from "../i18n/t";
import { showRunEnding } from "../playground/cache";
import { modelsQuery } from "../providers/queries";
import { wallClock } from "../realtime/clock";
import type { Fact } from "../realtime/frames";
import { Live, type LiveListener } from "../realtime/live";
import type { OutboxItem, OutboxStore } from "../realtime/outbox_store";
import type { Connection } from "../realtime/socket";
import { currentRoute, go } from "../routing/router";
import type { BudgetOf } from "../usage/budgets";
import { copyText } from "./clipboard";
import { Observable } from "./observable";
import { prepareStyles } from "./styles";

const RETRIES = 2;
/** The ack of our own post may come just after the fact that tells of it; then there is nothing to ask for. */
const FACT_WAITS_MS = 200;
const ASK_AGAIN_MS = 1000;

export type Dialog =
  /** Why this model wrote the answer. */
  | { type: "decision"; message: Id }
  | { type: "limits"; endpoint: Endpoint }
  | { type: "rename" | "share" | "file" | "export" | "clear"; conversation: ConversationSummary }
  | { type: "compare"; answers: readonly Message[]; shown: Id; show: (message: Id) => void }
  /** Whose budget; null: a person who is still to be chosen. */
  | { type: "budget"; of: BudgetOf | null }
  | { type: "person-link" | "person-removal"; person: Person }
  | { type: "picture"; address: string; name: string }
  | { type: "prompt"; prompt: Prompt; use: (words: string) => void }
  | { type: "palette" | "help" };

export type Undo = { text: string; takeBack: () => Promise<void> };

export class Parley {
  readonly queries = newQueries();
  readonly drafts = new Drafts();
  /** Said aloud to screen readers. */
  readonly announced = new Observable("");
  /** Shown for a while at the bottom. */
  readonly toast = new Observable<string | null>(null);
  /** What has just been done and can be taken back for a while. */
  readonly undo = new Observable<Undo | null>(null);
  readonly removals: Removals;
  /** The session ended under somebody who was at work. */
  readonly hasSessionEnded = new Observable(false);
  readonly isDrawerOpen = new Observable(false);
  /** Beside the room, where there is space for both. */
  readonly isSidebarShown = new Observable(true);
  /** What begins next is not kept. */
  readonly isTemporary = new Observable(false);
  readonly dialog = new Observable<Dialog | null>(null);
  /** What was last typed on another device, or in another tab of this one. */
  readonly drafted = new Observable<Fact | null>(null);
  /** The message that is being edited in place. */
  readonly editing = new Observable<Id | null>(null);
  /** What should have the keyboard next. Whoever takes it clears the wish. */
  readonly focusWish = new Observable<"composer" | "search" | null>(null);
  /** The language that is spoken. */
  readonly locale: Observable<Locale>;
  readonly live: Live;

  constructor(store: OutboxStore, connect: () => Connection, locale: Locale = "en") {
    this.locale = new Observable(locale);
    this.live = new Live(connect, store, wallClock, this.#listener());
    this.removals = new Removals(this.#removalListener());
    onSignedOut(() => this.showSignIn());
  }

  /** The session is over, here or everywhere. What was typed stays in drafts and outbox. */
  showSignIn(): void {
    this.live.signedOut();
    if (this.queries.getQueryData(meQuery.queryKey)) this.hasSessionEnded.set(true);
    this.queries.setQueryData(meQuery.queryKey, null);
  }

  /** By their own wish: whoever comes next begins at the front door. */
  signedOut(): void {
    go({ room: "new" }, "replace");
    this.showSignIn();
    this.hasSessionEnded.set(false);
  }

  /** Who has just signed in may be somebody else: nothing of before is theirs. */
  async signedIn(): Promise<void> {
    this.hasSessionEnded.set(false);
    this.queries.removeQueries({
      predicate: ({ queryKey }) => !["me", "config"].includes(String(queryKey[0])),
    });
    await this.queries.fetchQuery({ ...meQuery, staleTime: 0 });
  }

  /** As an answer names its bot. */
  knownBot(id: Id | null): Message["bot"] {
    const bot = this.queries.getQueryData(botsQuery.queryKey)?.find((known) => known.id === id);
    if (!bot) return this.queries.getQueryData<Message["bot"]>(["face", id]) ?? null;
    const { name, avatar, colour, picture, version, shape } = bot;
    const models = this.queries.getQueryData(modelsQuery.queryKey);
    const isRule = models?.some((model) => model.id === bot.model?.id && model.is_rule) ?? false;
    return { id: bot.id, name, avatar, colour, picture, version, shape, is_rule: isRule };
  }

  /** From now on, here and after a reload. */
  async chooseLocale(wished: Locale): Promise<void> {
    const locale = await this.#load(wished);
    // Kept before it is drawn: whoever is drawn then asks what was chosen.
    if (locale === wished) keepLocale(locale);
    this.locale.set(locale);
  }

  /** What the workspace speaks, unless this person chose. */
  async followWorkspace(told: string): Promise<void> {
    const wished = workspaceLocale(told);
    if (wished && wished !== this.locale.get()) this.locale.set(await this.#load(wished));
  }

  async #load(wished: Locale): Promise<Locale> {
    const locale = await openLocale(wished);
    await prepareStyles(locale);
    return locale;
  }

  async copy(text: string): Promise<void> {
    await copyText(text);
    this.announced.set(t("announce.copied"));
  }

  complain(problem: unknown): void {
    this.toast.set(problem instanceof Error ? problem.message : t("error.unexpected"));
  }

  offerUndo(text: Key, undo: () => void | Promise<void>, count = 1): void {
    const takeBack = async () => {
      try {
        await undo();
      } catch (problem) {
        this.complain(problem);
      }
    };
    this.undo.set({ text: t(text, { count }), takeBack });
  }

  #removalListener(): RemovalListener {
    return {
      deleteNow: async (id) => {
        await deleteConversation(id);
        showDeletion(this.queries, id);
      },
      hidden: (ids, takeBack) => {
        const route = currentRoute();
        if (route.room === "conversation" && ids.includes(route.conversation)) go({ room: "new" }, "replace");
        this.offerUndo("undo.deleted", takeBack, ids.length);
      },
      failed: (problem) => this.complain(problem),
    };
  }

  #listener(): LiveListener {
    return {
      fact: (fact) => this.#heard(fact),
      accepted: (item, posted) => {
        const newTitle = item.conversation === null ? textOf(item.parts).slice(0, 60) : null;
        const bot = this.knownBot(item.bot);
        const parent = item.parent ?? "leaf";
        showPosted(this.queries, posted, { parts: item.parts, parent, newTitle, bot });
        this.drafts.move(item.user, item.key, posted.conversation);
        const route = currentRoute();
        if (route.room === "conversation" && route.conversation === item.key) {
          go({ room: "conversation", conversation: posted.conversation }, "replace");
        }
      },
      refused: (item, { message }) => this.#giveBack(item, message),
      started: () => this.announced.set(t("announce.started")),
      ended: (generation, state) => this.#ended(generation, state),
      vanished: () => {
        void this.queries.invalidateQueries({ queryKey: ["conversation"] });
        void this.queries.invalidateQueries({ queryKey: ["run"] });
      },
      reconnected: () => {
        void this.queries.invalidateQueries({ queryKey: conversationsQuery.queryKey });
        void this.queries.invalidateQueries({ queryKey: ["conversation"] });
        void this.queries.invalidateQueries({ queryKey: ["run"] });
      },
      signedOut: () => this.#checkSession(),
    };
  }

  /** The server also closes sockets whose rights have changed: whoever still has some comes back with the new ones. */
  #checkSession(): void {
    const ask = async () => {
      const me = await this.queries.fetchQuery({ ...meQuery, staleTime: 0 });
      if (me) this.live.socket.start();
      else this.showSignIn();
    };
    setTimeout(() => ask().catch(() => this.#checkSession()), ASK_AGAIN_MS);
  }

  #heard(fact: Fact): void {
    if (fact.name === "message.added") setTimeout(() => applyFact(this.queries, fact), FACT_WAITS_MS);
    else applyFact(this.queries, fact);
    const route = currentRoute();
    const isShown = route.room === "conversation" && route.conversation === fact.conversation;
    if (fact.name === "conversation.deleted" && isShown) go({ room: "new" }, "replace");
    if (fact.name === "draft.written") this.drafted.set(fact);
    // What cannot be asked for now is let go when the person opens the conversation.
    if (fact.name === "message.ended") this.#releaseHeld(fact).catch(() => undefined);
  }

  #ended(generation: Id, state: AnswerState): void {
    showEnding(this.queries, generation, state);
    showRunEnding(this.queries, generation, state);
    this.live.following.forget(generation);
    this.announced.set(t(`announce.${state.status === "completed" ? "finished" : "cut"}`));
  }

  /** A shown conversation lets its own posts go. After a failure the person decides, when they see it. */
  async #releaseHeld({ conversation, status }: Fact): Promise<void> {
    if (!conversation || (status !== "completed" && status !== "stopped")) return;
    if (isObserved(this.queries, conversation)) return;
    const { outbox } = this.live;
    if (!outbox.items.some((item) => item.isHeld && item.conversation === conversation)) return;
    const taken = new Set(outbox.items.filter((item) => item.accepted).map((item) => item.key));
    const query = conversationQuery(conversation);
    await this.queries.cancelQueries({ queryKey: query.queryKey });
    const known = await this.queries.fetchQuery({ ...query, staleTime: 0 });
    const turn = turnIn(outbox.items, known, taken);
    if (turn && !turn.needsConsent) await outbox.release(turn.item.key, turn.parent);
  }

  #giveBack(item: OutboxItem, message: string): void {
    const conversation = item.conversation === item.key ? null : item.conversation;
    this.drafts.giveBack(item.user, conversation, textOf(item.parts), message);
    const route = currentRoute();
    if (route.room === "conversation" && route.conversation === item.key) go({ room: "new" }, "replace");
  }
}

function newQueries(): QueryClient {
  const worthRetrying = (failures: number, problem: Error) =>
    failures < RETRIES && problem instanceof Problem && problem.isTransient;
  return new QueryClient({
    defaultOptions: {
      // Parley may run on this very machine, which then needs no network to be reached.
      queries: {
        networkMode: "always",
        retry: worthRetrying,
        staleTime: 30_000,
        refetchOnWindowFocus: false,
      },
      mutations: { networkMode: "always" },
    },
  });
}

export const ParleyContext = createContext<Parley | null>(null);

export function useParley(): Parley {
  const parley = useContext(ParleyContext);
  if (!parley) throw new Error("useParley stands outside of ParleyContext");
  return parley;
}
