import Box from "@mui/material/Box";
import IconButton from "@mui/material/IconButton";
import Typography from "@mui/material/Typography";
import { memo, type ReactNode, useEffect } from "react";
import { ActionButton } from "../actions/ActionButton";
import { newChat, toggleSidebar } from "../actions/app_actions";
import type { Bot, Conversation, Id } from "../api/types";
import { BotPicker } from "../bots/BotPicker";
import { TemporaryChip } from "../conversation/TemporaryChip";
import { RowMenu } from "../conversations/RowMenu";
import { t } from "../i18n/t";
import { layout } from "../theme";
import { ConnectionLine } from "./ConnectionLine";
import { MenuIcon } from "./icons";
import { OneLine } from "./OneLine";
import { useObservable } from "./observable";
import { useParley } from "./parley";

const wideEnough = "@media (min-width: 600px)";
const tooNarrow = "@media (max-width: 599.95px)";
const narrowOnly = { display: { xs: "inline-flex", md: "none" } } as const;

/** The line above a room. On a phone it also leads to the sidebar. */
export function HeaderLine({ children }: { children: ReactNode }) {
  const parley = useParley();
  return (
    <Box
      component="header"
      sx={{
        minHeight: layout.headerHeight,
        flex: "none",
        display: "flex",
        alignItems: "center",
        gap: 1,
        px: { xs: 1, sm: 2 },
      }}
    >
      <IconButton
        aria-label={t("sidebar.open")}
        onClick={() => parley.isDrawerOpen.set(true)}
        sx={narrowOnly}
      >
        <MenuIcon />
      </IconButton>
      <ShowSidebar />
      {children}
      <Box sx={{ ...narrowOnly, ml: "auto" }}>
        <ActionButton action={newChat} target={null} />
      </Box>
    </Box>
  );
}

/** Where the sidebar was put away, the way back to it. */
function ShowSidebar() {
  const isShown = useObservable(useParley().isSidebarShown);
  if (isShown) return null;
  return (
    <Box sx={{ display: { xs: "none", md: "inline-flex" } }}>
      <ActionButton action={toggleSidebar} target={null} />
      <ActionButton action={newChat} target={null} />
    </Box>
  );
}

/** Beside each other where there is room, on a phone one below the other. */
const names = {
  [wideEnough]: { display: "contents" },
  [tooNarrow]: {
    flex: 1,
    minWidth: 0,
    display: "grid",
    justifyItems: "start",
    "& > button": { minHeight: 28, py: 0 },
  },
} as const;

const titleStyle = {
  color: "text.secondary",
  [wideEnough]: { flex: 1, minWidth: 0 },
  [tooNarrow]: { maxWidth: "100%", px: 1, fontSize: "0.75rem", lineHeight: 1.4 },
} as const;

type Props = { conversation: Conversation | undefined; id: Id | null; bot: Bot | undefined };

/** It tells nothing of messages, so it is not drawn again when one begins or ends. */
export const Header = memo(function Header({ conversation, id, bot }: Props) {
  const title = conversation?.title ?? "";
  useDocumentTitle(title);
  return (
    <>
      <HeaderLine>
        <Box sx={names}>
          <BotPicker conversation={id} bot={bot} isAwaited={id !== null && !conversation} />
          {title && (
            <Typography variant="body2" component="h1" sx={titleStyle}>
              <OneLine>{title}</OneLine>
            </Typography>
          )}
        </Box>
        {conversation?.temporary && <TemporaryChip conversation={conversation} />}
        {conversation && (
          <Box sx={{ ml: "auto" }}>
            <RowMenu conversation={conversation} />
          </Box>
        )}
      </HeaderLine>
      <ConnectionLine />
    </>
  );
}, isAlike);

function isAlike(before: Props, after: Props): boolean {
  return (
    before.id === after.id &&
    before.bot === after.bot &&
    isSameButMessages(before.conversation, after.conversation)
  );
}

function isSameButMessages(before: Conversation | undefined, after: Conversation | undefined): boolean {
  if (!before || !after) return before === after;
  const names = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof Conversation>;
  return [...names].every((name) => name === "messages" || name === "leaf" || before[name] === after[name]);
}

export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} · ${t("app.name")}` : t("app.name");
  }, [title]);
}
