// Times and numbers as the spoken language writes them.

import type { Time } from "../api/types";
import { currentLocale } from "./t";

export function timeText(time: Time): string {
  return new Date(time).toLocaleString(currentLocale(), { dateStyle: "medium", timeStyle: "short" });
}

export function dayText(time: Time): string {
  return new Date(time).toLocaleDateString(currentLocale(), { dateStyle: "medium" });
}

export function numberText(number: number): string {
  return number.toLocaleString(currentLocale());
}
