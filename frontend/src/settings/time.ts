import type { Time } from "../api/types";

const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export function timeText(time: Time): string {
  return format.format(new Date(time));
}
