// Which bot answers next: what was picked for this conversation, what the conversation had, what was used last, or
// what the workspace begins with.

import { useQuery } from "@tanstack/react-query";
import { meQuery } from "../accounts/session";
import type { Bot, Id, Model } from "../api/types";
import { modelsQuery } from "../providers/queries";
import { Observable, useObservable } from "../shell/observable";
import { keep, recall } from "../shell/storage";
import { botsQuery } from "./queries";

const LAST = "parley.bot";
const NEW = "new";

/** By conversation, for as long as the page lives. */
const picks = new Observable<Readonly<Record<string, Id>>>({});

export function pickBot(conversation: Id | null, bot: Id): void {
  picks.set({ ...picks.get(), [conversation ?? NEW]: bot });
  keep(LAST, bot);
}

/** The best that is there: a real model before the guide. */
export function firstBot(bots: readonly Bot[], models: readonly Model[]): Bot | undefined {
  const real = models.find((model) => !model.is_guide && bots.some((bot) => bot.id === model.bot));
  return bots.find((bot) => bot.id === real?.bot) ?? bots[0];
}

/**
 * `had`: the bot that the conversation names, undefined while that is not known: then there is none to show yet, unless
 * one was picked. Undefined while nothing is known.
 */
export function useBot(conversation: Id | null, had: Id | null | undefined): Bot | undefined {
  const bots = useQuery(botsQuery).data;
  const models = useQuery(modelsQuery).data;
  const ours = useQuery(meQuery).data?.workspace.default_bot;
  const picked = useObservable(picks)[conversation ?? NEW];
  if (!bots || !models) return undefined;
  if (had === undefined && !picked) return undefined;
  const wishes = [picked, had, ...(conversation ? [] : [recall(LAST)]), ours];
  const wished = wishes.map((wish) => bots.find((bot) => bot.id === wish)).find(Boolean);
  return wished ?? firstBot(bots, models);
}
