import { useEffect } from "react";
import type { Id } from "../api/types";
import { wallClock } from "../realtime/clock";
import { useParley } from "../shell/parley";
import { DraftSync, draftServer } from "./draft_sync";
import { useIsOutboxLoaded, useOutbox } from "./useOutbox";

/** Keeps the draft in front of the person the same on all of their devices. */
export function useDraftSync(user: Id, conversation: Id | null): void {
  const parley = useParley();
  const isLoaded = useIsOutboxLoaded();
  // The server does not know this conversation by the key of the post that begins it.
  const isNamed = !useOutbox().some(({ key }) => key === conversation);
  useEffect(() => {
    if (!isLoaded || !isNamed) return;
    const sync = new DraftSync(parley.drafts, user, conversation, draftServer, wallClock);
    const leave = [
      parley.drafted.subscribe(() => {
        const fact = parley.drafted.get();
        if (fact) sync.heard(fact);
      }),
      parley.live.subscribe(() => {
        if (parley.live.socket.state === "open") void sync.look();
      }),
    ];
    const flush = () => sync.flush();
    window.addEventListener("pagehide", flush);
    return () => {
      window.removeEventListener("pagehide", flush);
      for (const one of leave) one();
      sync.end();
    };
  }, [parley, user, conversation, isLoaded, isNamed]);
}
