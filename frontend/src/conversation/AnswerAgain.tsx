import IconButton from "@mui/material/IconButton";
import Menu from "@mui/material/Menu";
import Tooltip from "@mui/material/Tooltip";
import { useState } from "react";
import { performAction } from "../actions/action";
import { type MessageTarget, regenerate } from "../actions/message_actions";
import type { Bot } from "../api/types";
import { Choices, useIsSearched } from "../bots/BotPicker";
import { t } from "../i18n/t";
import { DownIcon } from "../shell/icons";
import { useParley } from "../shell/parley";

/** Another answer beside this one, by somebody else. */
export function AnswerAgain({ target }: { target: MessageTarget }) {
  const parley = useParley();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const isSearched = useIsSearched();
  if (!regenerate.allowed(target)) return null;
  const close = () => setAnchor(null);
  const ask = (bot: Bot) => {
    close();
    void performAction(regenerate, parley, { ...target, bot: bot.id });
  };
  return (
    <>
      <Tooltip title={t("answer.againWith")}>
        <IconButton
          size="small"
          aria-label={t("answer.againWith")}
          aria-haspopup="menu"
          aria-expanded={anchor !== null}
          onClick={(event) => setAnchor(event.currentTarget)}
          sx={{ ml: -0.75 }}
        >
          <DownIcon fontSize="inherit" />
        </IconButton>
      </Tooltip>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={close} autoFocus={!isSearched}>
        {anchor && <Choices chosen={undefined} onPick={ask} />}
      </Menu>
    </>
  );
}
