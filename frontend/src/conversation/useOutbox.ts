import { useMemo, useSyncExternalStore } from "react";
import type { Id } from "../api/types";
import type { OutboxItem } from "../realtime/outbox_store";
import { useParley } from "../shell/parley";

export function useOutbox(): readonly OutboxItem[] {
  const { outbox } = useParley().live;
  return useSyncExternalStore(
    (reader) => outbox.subscribe(reader),
    () => outbox.items,
  );
}

export function useIsOutboxLoaded(): boolean {
  const { outbox } = useParley().live;
  return useSyncExternalStore(
    (reader) => outbox.subscribe(reader),
    () => outbox.isLoaded,
  );
}

/** What waits to be said in this conversation, or in the one that the post with this key begins. */
export function usePending(conversation: Id | null): readonly OutboxItem[] {
  const items = useOutbox();
  return useMemo(
    () =>
      items.filter(
        (item) => !item.accepted && conversation && [item.conversation, item.key].includes(conversation),
      ),
    [items, conversation],
  );
}
