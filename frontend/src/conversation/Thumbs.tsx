import IconButton from "@mui/material/IconButton";
import Menu from "@mui/material/Menu";
import MenuItem from "@mui/material/MenuItem";
import Tooltip from "@mui/material/Tooltip";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { performAction } from "../actions/action";
import { dislike, giveReason, like, type MessageTarget } from "../actions/message_actions";
import { t } from "../i18n/t";
import { DoneIcon } from "../shell/icons";
import { useParley } from "../shell/parley";
import { REASONS, type Reason, ratingsQuery } from "./ratings";

/** Whether an answer was good. Of a bad one it can be said why. */
export function Thumbs({ target }: { target: MessageTarget }) {
  const parley = useParley();
  const { message, conversation } = target;
  const mine = useQuery(ratingsQuery(conversation)).data?.find((one) => one.message === message.id);
  const down = useRef<HTMLButtonElement>(null);
  const [isAsking, setAsking] = useState(false);
  if (!like.allowed(target)) return null;
  const press = (action: typeof like) => {
    if (action === dislike && mine?.value !== -1) setAsking(true);
    void performAction(action, parley, target);
  };
  const because = (reason: Reason) => {
    setAsking(false);
    void performAction(giveReason, parley, { conversation, message: message.id, reason });
  };
  return (
    <>
      {[like, dislike].map((action) => {
        const isPressed = mine?.value === (action === like ? 1 : -1);
        return (
          <Tooltip key={action.name} title={t(action.name)}>
            <IconButton
              ref={action === dislike ? down : undefined}
              size="small"
              aria-label={t(action.name)}
              aria-pressed={isPressed}
              onClick={() => press(action)}
              sx={isPressed ? { color: "primary.main" } : undefined}
            >
              <action.icon />
            </IconButton>
          </Tooltip>
        );
      })}
      <Menu anchorEl={down.current} open={isAsking} onClose={() => setAsking(false)}>
        {REASONS.map((reason) => (
          <MenuItem
            key={reason}
            selected={mine?.reason === reason}
            onClick={() => because(reason)}
            sx={{ gap: 1 }}
          >
            {t(`rating.${reason}`)}
            {mine?.reason === reason && <DoneIcon />}
          </MenuItem>
        ))}
      </Menu>
    </>
  );
}
