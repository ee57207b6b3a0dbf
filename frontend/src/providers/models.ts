import type { Bot, Model } from "../api/types";
import { numberText } from "../i18n/format";
import { t } from "../i18n/t";

/** The bots that can answer now. A default bot goes with its model: where that is switched off, so is the bot. */
export function allowedIn(bots: readonly Bot[], models: readonly Model[]): Bot[] {
  return bots.filter((bot) => !bot.is_default || models.some((model) => model.bot === bot.id));
}

export function nameOf(model: Model): string {
  return model.label || model.name;
}

/** What helps to choose: how much it reads, what it can, what it costs. */
export function factsOf(model: Model): string {
  if (model.is_rule) return t("rules.is");
  if (model.is_guide) return t("endpoint.builtIn");
  const { input_price: read, output_price: written } = model;
  const facts = [
    t("models.window", { count: numberText(thousands(model.context_window)) }),
    model.vision ? t("models.vision") : "",
    model.tools ? t("models.tools") : "",
    read !== null && written !== null
      ? t("models.price", { read: String(read), written: String(written) })
      : "",
  ];
  return facts.filter(Boolean).join(" · ");
}

/** As vendors round: 131,072 tokens are 128k, and so are 128,000. */
function thousands(tokens: number): number {
  return Math.round(tokens / (tokens % 1024 === 0 ? 1024 : 1000));
}

/** In which a search looks. */
export function wordsOf(model: Model): string {
  return [model.label, model.name, model.endpoint.name, factsOf(model)].join("\n").toLocaleLowerCase();
}
