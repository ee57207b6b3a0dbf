import { useEffect } from "react";
import type { Message } from "../api/types";
import type { OutboxItem } from "../realtime/outbox_store";
import { useParley } from "../shell/parley";

type Now = { isBusy: boolean; last: Message | undefined };

/**
 * Lets the next held message go once the answer before it has come. After a failure it waits for the person, who may
 * want to change it: then the answer is what to let go, and how.
 */
export function useRelease(pending: readonly OutboxItem[], { isBusy, last }: Now) {
  const { outbox } = useParley().live;
  const next = pending[0];
  const isFree = next?.isHeld === true && !isBusy && last !== undefined;
  const isSmooth = last?.status === "completed" || last?.status === "stopped";
  const key = next?.key;
  const parent = last?.id;
  useEffect(() => {
    if (isFree && isSmooth && key && parent) void outbox.release(key, parent);
  }, [isFree, isSmooth, key, parent, outbox]);
  if (!isFree || isSmooth || !next || !parent) return null;
  return { item: next, send: () => void outbox.release(next.key, parent) };
}
