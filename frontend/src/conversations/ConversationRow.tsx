import Box from "@mui/material/Box";
import { memo, type PointerEvent } from "react";
import type { ConversationSummary, Id } from "../api/types";
import { t } from "../i18n/t";
import { RouteLink } from "../routing/router";
import { OneLine } from "../shell/OneLine";
import { useParley } from "../shell/parley";
import { radius } from "../theme";
import { conversationQuery } from "./queries";
import { RowMenu } from "./RowMenu";

type Props = { conversation: ConversationSummary; isShown: boolean };

export const ConversationRow = memo(function ConversationRow({ conversation, isShown }: Props) {
  const { queries } = useParley();
  const title = conversation.title || t("conversation.untitled");
  // On its way before anything is drawn.
  const fetchNow = () => void queries.prefetchQuery(conversationQuery(conversation.id));
  return (
    <Box component="li" sx={row(isShown)}>
      <RowLink conversation={conversation.id} title={title} isShown={isShown} onOpen={fetchNow} />
      <RowMenu className="more" conversation={conversation} />
    </Box>
  );
});

export function PendingRow({ postKey, title, isShown }: { postKey: Id; title: string; isShown: boolean }) {
  return (
    <Box component="li" sx={{ ...row(isShown), fontStyle: "italic" }}>
      <RowLink conversation={postKey} title={title} isShown={isShown} />
    </Box>
  );
}

type LinkProps = { conversation: Id; title: string; isShown: boolean; onOpen?: () => void };

function RowLink({ conversation, title, isShown, onOpen }: LinkProps) {
  const { isDrawerOpen } = useParley();
  return (
    <Box
      component={RouteLink}
      to={{ room: "conversation", conversation }}
      aria-current={isShown ? "page" : undefined}
      title={title}
      // A finger may only want to move the list.
      onPointerDown={(event: PointerEvent) => event.pointerType === "mouse" && onOpen?.()}
      onClick={() => {
        onOpen?.();
        isDrawerOpen.set(false);
      }}
      sx={{
        flex: 1,
        minWidth: 0,
        px: 1.5,
        py: 0.9,
        color: "inherit",
        fontSize: "0.875rem",
        textDecoration: "none",
        borderRadius: radius.medium,
      }}
    >
      <OneLine>{title}</OneLine>
    </Box>
  );
}

function row(isShown: boolean) {
  return {
    display: "flex",
    alignItems: "center",
    pr: 0.5,
    borderRadius: radius.medium,
    bgcolor: isShown ? "background.selected" : undefined,
    "&:hover": { bgcolor: isShown ? "background.selected" : "background.hover" },
    // Where nothing hovers, nothing hides.
    "@media (hover: hover)": {
      "& .more": { opacity: isShown ? 1 : 0 },
      "&:hover .more, &:focus-within .more": { opacity: 1 },
    },
  } as const;
}
