// Times and numbers as the spoken language writes them.

import type { Time } from "../api/types";
import { currentLocale } from "./t";

export function timeText(time: Time): string {
  return new Date(time).toLocaleString(currentLocale(), { dateStyle: "medium", timeStyle: "short" });
}

export function dayText(time: Time): string {
  return new Date(time).toLocaleDateString(currentLocale(), { dateStyle: "medium" });
}

/** Of a day that is one wherever it is read: "2026-11-21". */
export function calendarDayText(day: string): string {
  return new Date(day).toLocaleDateString(currentLocale(), { dateStyle: "medium", timeZone: "UTC" });
}

export function numberText(number: number): string {
  return number.toLocaleString(currentLocale());
}

/** A measured figure: about three digits that mean something. */
export function figureText(number: number): string {
  return number.toLocaleString(currentLocale(), { maximumSignificantDigits: 3 });
}

/** US dollars, and of an answer's small cost two digits that are not zero. */
export function dollarText(dollars: number): string {
  const digits =
    dollars > 0 && dollars < 0.01 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 4 };
  return dollars.toLocaleString(currentLocale(), { style: "currency", currency: "USD", ...digits });
}

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** "3.2 MB". */
export function bytesText(bytes: number): string {
  const step = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  return (bytes / 1000 ** step).toLocaleString(currentLocale(), {
    style: "unit",
    unit: UNITS[step],
    unitDisplay: "short",
    maximumFractionDigits: step === 0 ? 0 : 1,
  });
}

/** A share of one. */
export function percentText(share: number): string {
  return share.toLocaleString(currentLocale(), { style: "percent" });
}
