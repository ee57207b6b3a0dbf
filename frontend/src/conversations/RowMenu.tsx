import IconButton, { type IconButtonProps } from "@mui/material/IconButton";
import Menu from "@mui/material/Menu";
import { useState } from "react";
import { ActionItem } from "../actions/ActionItem";
import { conversationActions } from "../actions/conversation_actions";
import type { ConversationSummary } from "../api/types";
import { t } from "../i18n/t";
import { MoreIcon } from "../shell/icons";

type Props = { conversation: ConversationSummary } & Pick<IconButtonProps, "className">;

/** Everything that can be done with a conversation. */
export function RowMenu({ conversation, className }: Props) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const close = () => setAnchor(null);
  return (
    <>
      <IconButton
        className={className}
        size="small"
        aria-label={t("conversation.menu", { title: conversation.title || t("conversation.untitled") })}
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
    </>
  );
}
