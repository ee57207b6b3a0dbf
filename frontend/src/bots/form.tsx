// What the parts of the bot's form share.

import Box from "@mui/material/Box";
import { type ReactNode, useId } from "react";
import { Problem } from "../api/problem";
import type { Key } from "../i18n/t";
import { t } from "../i18n/t";
import type { BotFields } from "./fields";

export type FormProps = {
  fields: BotFields;
  change: (changes: Partial<BotFields>) => void;
  problem: Error | null;
};

/** What was said about a field, or about something in it. */
export function saidOf(problem: Error | null, name: string): string | undefined {
  if (!(problem instanceof Problem)) return undefined;
  return Object.entries(problem.fields).find(([at]) => at === name || at.startsWith(`${name}.`))?.[1];
}

/** Some fields under one heading. */
export function Group({ title, hint, children }: { title: Key; hint?: Key; children: ReactNode }) {
  const id = useId();
  return (
    <Box component="section" aria-labelledby={id} sx={{ display: "grid", gap: 2 }}>
      <Box>
        <Box component="h2" id={id} sx={{ m: 0, fontSize: "1rem", fontWeight: 650 }}>
          {t(title)}
        </Box>
        {hint && <Box sx={{ fontSize: "0.875rem", color: "text.secondary", mt: 0.25 }}>{t(hint)}</Box>}
      </Box>
      {children}
    </Box>
  );
}
