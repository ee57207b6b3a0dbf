import { useQuery } from "@tanstack/react-query";
import type { Bot } from "../api/types";
import { BotAvatar } from "../bots/BotAvatar";
import { botsQuery } from "../bots/queries";
import { allowedIn } from "../providers/models";
import { modelsQuery } from "../providers/queries";
import { type Field, useSuggestions } from "./Suggestions";

/** An @ at the beginning of a word, at the end of what was typed. */
const MENTION = /(?:^|\s)@([^\s@]{0,40})$/u;

/** `@` and some letters choose who answers next. What is picked takes their place: nobody, the text is the person's. */
export function useMention(text: string, field: Field, onPick: (text: string, bot: Bot) => void) {
  const bots = useQuery(botsQuery).data ?? [];
  const models = useQuery(modelsQuery).data ?? [];
  const find = (letters: string) =>
    allowedIn(bots, models)
      .filter(({ name }) => name.toLocaleLowerCase().includes(letters))
      .map((bot) => ({
        key: bot.id,
        name: bot.name,
        icon: <BotAvatar face={bot} />,
        pick: (rest: string) => onPick(rest, bot),
      }));
  return useSuggestions({ text, field, sign: MENTION, find });
}
