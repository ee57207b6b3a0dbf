import Box from "@mui/material/Box";
import IconButton from "@mui/material/IconButton";
import Menu from "@mui/material/Menu";
import { memo, useState } from "react";
import { ActionItem } from "../actions/ActionItem";
import { conversationActions } from "../actions/conversation_actions";
import type { ConversationSummary, Id } from "../api/types";
import { t } from "../i18n/t";
import { RouteLink } from "../routing/router";
import { MoreIcon } from "../shell/icons";
import { useParley } from "../shell/parley";
import { radius } from "../theme";

type Props = { conversation: ConversationSummary; isShown: boolean };

export const ConversationRow = memo(function ConversationRow({ conversation, isShown }: Props) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const title = conversation.title || t("conversation.untitled");
  const close = () => setAnchor(null);
  return (
    <Box component="li" sx={row(isShown)}>
      <RowLink conversation={conversation.id} title={title} isShown={isShown} />
      <IconButton
        className="more"
        size="small"
        aria-label={t("conversation.menu", { title })}
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(event.currentTarget)}
        sx={anchor ? { opacity: "1 !important" } : undefined}
      >
        <MoreIcon />
      </IconButton>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={close}>
        {conversationActions.map((action) => (
          <ActionItem key={action.name} action={action} target={conversation} onDone={close} />
        ))}
      </Menu>
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

function RowLink({ conversation, title, isShown }: { conversation: Id; title: string; isShown: boolean }) {
  const { isDrawerOpen } = useParley();
  return (
    <Box
      component={RouteLink}
      to={{ room: "conversation", conversation }}
      aria-current={isShown ? "page" : undefined}
      title={title}
      onClick={() => isDrawerOpen.set(false)}
      sx={{
        flex: 1,
        minWidth: 0,
        px: 1.5,
        py: 0.9,
        color: "inherit",
        fontSize: "0.875rem",
        textDecoration: "none",
        overflow: "hidden",
        textOverflow: "ellipsis",
        whiteSpace: "nowrap",
        borderRadius: radius.medium,
      }}
    >
      {title}
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
