// What stands in an editor and was not saved, kept in this browser, so that neither a reload nor a wrong click loses it.

import { useEffect, useState } from "react";
import type { BotDetail } from "../api/types";
import { keep, recall } from "../shell/storage";
import { type BotFields, emptyFields } from "./fields";

type Unsaved = {
  fields: BotFields;
  change: (changes: Partial<BotFields>) => void;
  isChanged: boolean;
  /** It was there when the editor was opened. */
  wasFound: boolean;
  /** Back to what is stored. */
  forget: () => void;
};

/** Of an older version it is kept no more: that would take back what somebody has saved since. */
export function useUnsaved(known: BotDetail | undefined, start: BotFields): Unsaved {
  const place = `parley.bot-draft.${known?.id ?? "new"}`;
  const version = known?.version ?? 0;
  const [found] = useState(() => read(place, version));
  const [fields, setFields] = useState<BotFields>(found ?? start);
  const isChanged = JSON.stringify(fields) !== JSON.stringify(start);
  useEffect(() => {
    keep(place, isChanged ? JSON.stringify({ version, fields }) : "");
  }, [place, version, fields, isChanged]);
  return {
    fields,
    change: (changes) => setFields((before) => ({ ...before, ...changes })),
    isChanged,
    wasFound: found !== null,
    forget: () => {
      keep(place, "");
      setFields(start);
    },
  };
}

function read(place: string, version: number): BotFields | null {
  try {
    const kept: unknown = JSON.parse(recall(place) ?? "null");
    if (typeof kept !== "object" || kept === null || !("fields" in kept) || !("version" in kept)) return null;
    // Fields that a newer Parley knows and the kept draft does not are empty.
    return kept.version === version ? { ...emptyFields, ...(kept.fields as BotFields) } : null;
  } catch {
    return null;
  }
}
