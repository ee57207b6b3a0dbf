import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import type { Conversation, Id, Message } from "../api/types";
import { t } from "../i18n/t";
import { ToNewestIcon } from "../shell/icons";
import { layout } from "../theme";
import { Answer } from "./Answer";
import { Question } from "./Question";
import { siblingsOf } from "./tree";
import { usePinnedScroll } from "./usePinnedScroll";

/** A long conversation opens at its end; what came before is drawn when somebody goes there. */
const SHOWN_AT_FIRST = 40;
const MORE = 40;

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
  const [shownCount, setShownCount] = useState(SHOWN_AT_FIRST);
  const goToPlace = goTo ? branch.findIndex(({ id }) => id === goTo) : -1;
  const firstShown = Math.max(
    0,
    Math.min(branch.length - shownCount, goToPlace < 0 ? branch.length : goToPlace),
  );
  const siblings = useMemo(() => siblingTable(conversation.messages), [conversation.messages]);
  const scroll = usePinnedScroll();
  useFollowOwnWords(waiting.length, scroll.toNewest);
  useGoTo(goToPlace >= 0 ? goTo : undefined, scroll.unpin);
  return (
    <Box sx={{ flex: 1, minHeight: 0, position: "relative" }}>
      <Box ref={scroll.frame} {...scroll.listeners} data-scroll sx={{ height: "100%", overflowY: "auto" }}>
        <Box
          ref={scroll.content}
          sx={{ maxWidth: layout.columnWidth, mx: "auto", px: { xs: 2, sm: 3 }, pt: 2, pb: 3 }}
        >
          {firstShown > 0 && (
            <Box sx={{ display: "grid", placeItems: "center" }}>
              <Button size="small" onClick={() => setShownCount(shownCount + MORE)}>
                {t("messages.earlier")}
              </Button>
            </Box>
          )}
          {branch.slice(firstShown).map((message, index, shown) => {
            const Shown = message.role === "user" ? Question : Answer;
            return (
              <Shown
                key={message.id}
                message={message}
                siblings={siblings.get(message.id) ?? []}
                conversation={conversation.id}
                bot={bot}
                isBusy={isBusy}
                isLast={index === shown.length - 1}
              />
            );
          })}
          {waiting}
        </Box>
      </Box>
      {!scroll.isPinned && <ToNewest onClick={scroll.toNewest} />}
    </Box>
  );
}

function ToNewest({ onClick }: { onClick: () => void }) {
  return (
    <IconButton
      aria-label={t("messages.toNewest")}
      onClick={onClick}
      sx={{
        position: "absolute",
        bottom: 8,
        left: "50%",
        transform: "translateX(-50%)",
        bgcolor: "background.paper",
        border: 1,
        borderColor: "divider",
        "&:hover": { bgcolor: "background.hover" },
      }}
    >
      <ToNewestIcon />
    </IconButton>
  );
}

/** One array for each message, the same until the messages change, so that no message is drawn without need. */
function siblingTable(messages: readonly Message[]): Map<Id, Message[]> {
  return new Map(messages.map((message) => [message.id, siblingsOf(messages, message)]));
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
