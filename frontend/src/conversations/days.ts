import type { ConversationSummary } from "../api/types";
import type { Key } from "../i18n/t";

export type Age = "today" | "yesterday" | "week" | "month" | "older";
export type Group = { age: Age; items: ConversationSummary[] };

export const AGE_NAMES: Readonly<Record<Age, Key>> = {
  today: "age.today",
  yesterday: "age.yesterday",
  week: "age.week",
  month: "age.month",
  older: "age.older",
};

/** By the person's own calendar: yesterday evening is yesterday, however few hours ago it was. */
export function ageOf(time: string, now: Date): Age {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  const daysAgo = (days: number) =>
    new Date(midnight.getFullYear(), midnight.getMonth(), midnight.getDate() - days);
  const then = new Date(time);
  if (then >= midnight) return "today";
  if (then >= daysAgo(1)) return "yesterday";
  if (then >= daysAgo(7)) return "week";
  return then >= daysAgo(30) ? "month" : "older";
}

/** The list in its order, cut where the age changes. */
export function groupByAge(items: readonly ConversationSummary[], now: Date): Group[] {
  const groups: Group[] = [];
  for (const item of items) {
    const age = ageOf(item.updated_at, now);
    const last = groups.at(-1);
    if (last?.age === age) last.items.push(item);
    else groups.push({ age, items: [item] });
  }
  return groups;
}
