import type { Bot } from "../api/types";

/** `shared`: made by others. */
export type Kind = "all" | "mine" | "shared";

/** The bots of a kind in which every word stands somewhere; the bots of models are none. */
export function listed(bots: readonly Bot[], kind: Kind, words: string): Bot[] {
  const wanted = words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return bots.filter((bot) => {
    if (bot.is_default || (kind === "mine" && !bot.is_mine) || (kind === "shared" && bot.is_mine))
      return false;
    const said = [bot.name, bot.description, bot.greeting, ...bot.starters, bot.model?.label ?? ""];
    const text = said.join("\n").toLocaleLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}
