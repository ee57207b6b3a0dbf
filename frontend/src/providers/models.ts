import type { Bot, Model } from "../api/types";

/** The bots that can answer now. A default bot goes with its model: where that is switched off, so is the bot. */
export function allowedIn(bots: readonly Bot[], models: readonly Model[]): Bot[] {
  return bots.filter((bot) => !bot.is_default || models.some((model) => model.bot === bot.id));
}
