import Box from "@mui/material/Box";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import type { Conversation, Id, Message } from "../api/types";
import { layout } from "../theme";
import { Answer } from "./Answer";
import { Earlier } from "./Earlier";
import { Question } from "./Question";
import { ToNewest } from "./ToNewest";
import { siblingTable } from "./tree";
import { usePinnedScroll } from "./usePinnedScroll";

/**
 * So many messages at the end are always there. What is older is drawn only where it is in sight, by `Earlier`, which
 * the growth of an answer therefore never touches.
 */
const NEWEST = 8;
/** When a long sitting has made the end so long, its beginning goes to the earlier ones. */
const MOST = 60;

/** What grows within changes nothing around it: the browser need not look there. */
const room = { height: "100%", overflowY: "auto", contain: "strict" } as const;

type Props = {
  conversation: Conversation;
  branch: readonly Message[];
  bot: Id | null;
  isBusy: boolean;
  /** The message to go to, if not the newest. */
  goTo: Id | undefined;
  /** What stands below the messages: what waits to be sent. */
  waiting: readonly ReactNode[];
};

export function MessageList({ conversation, branch, bot, isBusy, goTo, waiting }: Props) {
  const newestStart = useNewestStart(branch.length);
  const siblings = useMemo(() => siblingTable(conversation.messages), [conversation.messages]);
  const scroll = usePinnedScroll();
  useFollowOwnWords(waiting.length, scroll.toNewest);
  const goToPlace = goTo ? branch.findIndex(({ id }) => id === goTo) : -1;
  useGoTo(goToPlace >= newestStart ? goTo : undefined, scroll.unpin);
  const draw = (message: Message, place: number) => {
    const Shown = message.role === "user" ? Question : Answer;
    return (
      <Shown
        key={message.id}
        message={message}
        siblings={siblings.get(message.id) ?? []}
        conversation={conversation.id}
        bot={bot}
        isBusy={isBusy}
        isLast={place === branch.length - 1}
      />
    );
  };
  return (
    <Box sx={{ flex: 1, minHeight: 0, position: "relative" }}>
      <Box ref={scroll.frame} {...scroll.listeners} data-scroll sx={room}>
        <Box
          ref={scroll.content}
          sx={{ maxWidth: layout.columnWidth, mx: "auto", px: { xs: 2, sm: 3 }, pt: 2, pb: 3 }}
        >
          <Earlier
            messages={branch.slice(0, newestStart)}
            frame={scroll.frame}
            draw={draw}
            goTo={goToPlace < newestStart ? goToPlace : -1}
            onGo={scroll.unpin}
          />
          {branch.slice(newestStart).map((message, place) => draw(message, newestStart + place))}
          {waiting}
        </Box>
      </Box>
      {!scroll.isPinned && <ToNewest onClick={scroll.toNewest} />}
    </Box>
  );
}

/** Stays where it was while messages come, so that none is drawn anew for having become older. */
function useNewestStart(count: number): number {
  const [start, setStart] = useState(() => Math.max(0, count - NEWEST));
  if (start > count || count - start > MOST) {
    const moved = Math.max(0, count - NEWEST);
    setStart(moved);
    return moved;
  }
  return start;
}

/** Whoever says something wants to see it, and the answer to it. */
function useFollowOwnWords(waitingCount: number, toNewest: () => void): void {
  const before = useRef(waitingCount);
  useEffect(() => {
    if (waitingCount > before.current) toNewest();
    before.current = waitingCount;
  }, [waitingCount, toNewest]);
}

function useGoTo(message: Id | undefined, unpin: () => void): void {
  useEffect(() => {
    if (!message) return;
    unpin();
    const found = document.querySelector(`[data-message="${CSS.escape(message)}"]`);
    found?.scrollIntoView({ block: "start" });
  }, [message, unpin]);
}
