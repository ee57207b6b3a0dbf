import Box from "@mui/material/Box";
import IconButton from "@mui/material/IconButton";
import Tooltip from "@mui/material/Tooltip";
import { performAction } from "../actions/action";
import { showBranch } from "../actions/message_actions";
import type { Id, Message } from "../api/types";
import { t } from "../i18n/t";
import { CompareIcon, NextIcon, PreviousIcon } from "../shell/icons";
import { useParley } from "../shell/parley";

type Props = { message: Message; siblings: readonly Message[]; conversation: Id };

/** "2 / 3" with a way to the other versions of this message. */
export function SiblingSwitch({ message, siblings, conversation }: Props) {
  const { dialog } = useParley();
  const show = useShowBranch(conversation);
  if (siblings.length < 2) return null;
  const place = siblings.findIndex(({ id }) => id === message.id);
  const step = (by: -1 | 1) => {
    const sibling = siblings[place + by];
    if (sibling) show(sibling.id);
  };
  const compare = () => dialog.set({ type: "compare", answers: siblings, shown: message.id, show });
  return (
    <Box
      role="group"
      aria-label={t("siblings.label")}
      sx={{ display: "flex", alignItems: "center", mr: 0.5 }}
    >
      <IconButton
        size="small"
        aria-label={t("siblings.previous")}
        disabled={place === 0}
        onClick={() => step(-1)}
      >
        <PreviousIcon />
      </IconButton>
      <Box component="span" sx={{ fontSize: "0.8125rem", fontVariantNumeric: "tabular-nums" }}>
        {t("siblings.place", { place: place + 1, count: siblings.length })}
      </Box>
      <IconButton
        size="small"
        aria-label={t("siblings.next")}
        disabled={place === siblings.length - 1}
        onClick={() => step(1)}
      >
        <NextIcon />
      </IconButton>
      {message.role === "assistant" && (
        <Tooltip title={t("compare.title")}>
          <IconButton size="small" aria-label={t("compare.title")} onClick={compare}>
            <CompareIcon />
          </IconButton>
        </Tooltip>
      )}
    </Box>
  );
}

/** Shows the newest branch through a message. */
export function useShowBranch(conversation: Id): (message: Id) => void {
  const parley = useParley();
  return (message) => void performAction(showBranch, parley, { conversation, message });
}
