import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import type { Conversation, Id } from "../api/types";
import { conversationKey } from "../conversations/queries";
import { useParley } from "../shell/parley";
import { isBusy, turnIn, unseenOf } from "./queue";
import { useOutbox } from "./useOutbox";

const ASK_AGAIN_MS = 5000;

/**
 * Lets the next held post of the shown conversation go once the answer before it has come. After a failure it waits for
 * the person: then the answer is what to let go, and how.
 */
export function useQueue(conversation: Conversation | undefined) {
  const { outbox } = useParley().live;
  const posts = useOutbox();
  const gone = useGone(conversation);
  const turn = useMemo(
    () => (conversation ? turnIn(posts, conversation, gone) : null),
    [posts, conversation, gone],
  );
  const isRunning = useMemo(
    () => conversation !== undefined && isBusy(posts, conversation, gone),
    [posts, conversation, gone],
  );
  const key = turn && !turn.needsConsent ? turn.item.key : null;
  const parent = turn?.parent ?? null;
  useEffect(() => {
    if (key) void outbox.release(key, parent);
  }, [key, parent, outbox]);
  const consent = turn?.needsConsent
    ? { item: turn.item, send: () => void outbox.release(turn.item.key, turn.parent) }
    : null;
  return { isRunning, consent };
}

/**
 * Posts that the server took and does not have any more. Whatever another tab has said but is not shown here is asked
 * for; what is not there then was cleared away.
 */
function useGone(conversation: Conversation | undefined): ReadonlySet<Id> {
  const posts = useOutbox();
  const queries = useQueryClient();
  const [gone, setGone] = useState<ReadonlySet<Id>>(new Set());
  const [attempt, setAttempt] = useState(0);
  const id = conversation?.id;
  const unseen = useMemo(
    () => (conversation ? unseenOf(posts, conversation).filter((key) => !gone.has(key)) : []),
    [posts, conversation, gone],
  );
  const wanted = unseen.join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` asks again
  useEffect(() => {
    if (!id || !wanted) return;
    let isHere = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      // A request that left before the post was taken may not know of it: begin a new one.
      await queries.invalidateQueries({ queryKey: conversationKey(id), exact: true }, { throwOnError: true });
      if (isHere) setGone((before) => new Set([...before, ...wanted.split(",")]));
    };
    look().catch(() => {
      if (isHere) timer = setTimeout(() => setAttempt((count) => count + 1), ASK_AGAIN_MS);
    });
    return () => {
      isHere = false;
      clearTimeout(timer);
    };
  }, [id, wanted, attempt, queries]);
  return gone;
}
