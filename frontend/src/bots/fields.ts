// A bot as its form holds it: every field is text, as typed.

import type { BotDetail, BotDraft, Parameters } from "../api/types";

export type BotFields = {
  name: string;
  avatar: string;
  model: string;
  system_prompt: string;
  greeting: string;
  /** One a line. */
  starters: string;
  temperature: string;
  max_tokens: string;
  /** What the form does not show, and must not lose. */
  others: string;
};

export const emptyFields: BotFields = {
  name: "",
  avatar: "",
  model: "",
  system_prompt: "",
  greeting: "",
  starters: "",
  temperature: "",
  max_tokens: "",
  others: "{}",
};

export function fieldsOf(bot: BotDetail): BotFields {
  const { temperature, max_tokens, ...others } = bot.parameters ?? {};
  return {
    name: bot.name,
    avatar: bot.avatar,
    model: bot.model?.id ?? "",
    system_prompt: bot.system_prompt ?? "",
    greeting: bot.greeting,
    starters: bot.starters.join("\n"),
    temperature: numberText(temperature),
    max_tokens: numberText(max_tokens),
    others: JSON.stringify(others),
  };
}

export function draftOf(fields: BotFields): BotDraft {
  const starters = fields.starters.split("\n").map((line) => line.trim());
  const parameters: Parameters = JSON.parse(fields.others);
  if (fields.temperature !== "") parameters.temperature = Number(fields.temperature);
  if (fields.max_tokens !== "") parameters.max_tokens = Number(fields.max_tokens);
  return {
    name: fields.name.trim(),
    avatar: fields.avatar.trim(),
    model: fields.model || null,
    system_prompt: fields.system_prompt,
    greeting: fields.greeting,
    starters: starters.filter(Boolean),
    parameters,
  };
}

function numberText(value: number | null | undefined): string {
  return value === null || value === undefined ? "" : String(value);
}
