import { useCallback, useEffect, useRef, useState } from "react";
import type { Id } from "../api/types";
import { keep, recall } from "../shell/storage";
import { type Change, changed, emptyFields, type Fields } from "./fields";

const WRITE_AFTER_MS = 300;

/** `run`: the run that these fields belong to, so that a reload finds what was typed since. */
type Kept = { run: Id | null; fields: Fields };

export type KeptFields = Kept & {
  change: (change: Change) => void;
  /** These fields, from here on, belong to this run. */
  belong: (run: Id | null, fields?: Fields) => void;
  /** Known at once, before anything is drawn. */
  isOf: (run: Id | null) => boolean;
};

/** What stands in the playground's form, kept in this browser for each person. */
export function useFields(user: Id): KeptFields {
  const name = `parley.playground.${user}`;
  const [kept, setKept] = useState(() => keptUnder(name));
  const newest = useRef(kept);
  newest.current = kept;
  useEffect(() => {
    const timer = setTimeout(() => keep(name, JSON.stringify(kept)), WRITE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [name, kept]);
  useEffect(() => {
    const write = () => keep(name, JSON.stringify(newest.current));
    window.addEventListener("pagehide", write);
    return () => {
      window.removeEventListener("pagehide", write);
      write();
    };
  }, [name]);
  const change = useCallback(
    (wanted: Change) => setKept(({ run, fields }) => ({ run, fields: changed(fields, wanted) })),
    [],
  );
  const owner = useRef(kept.run);
  const belong = useCallback((run: Id | null, fields?: Fields) => {
    owner.current = run;
    setKept((known) => ({ run, fields: fields ?? known.fields }));
  }, []);
  const isOf = useCallback((run: Id | null) => owner.current === run, []);
  return { ...kept, change, belong, isOf };
}

function keptUnder(name: string): Kept {
  const nothing = { run: null, fields: emptyFields };
  try {
    const { run, fields } = { ...nothing, ...(JSON.parse(recall(name) ?? "{}") as Partial<Kept>) };
    return { run, fields: { ...emptyFields, ...fields } };
  } catch {
    return nothing;
  }
}
