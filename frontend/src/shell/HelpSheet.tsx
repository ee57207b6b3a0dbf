import Box from "@mui/material/Box";
import Dialog from "@mui/material/Dialog";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import IconButton from "@mui/material/IconButton";
import { type Shortcut, shortcutText } from "../actions/action";
import { appActions } from "../actions/app_actions";
import { stop } from "../actions/message_actions";
import { startRun } from "../actions/playground_actions";
import { type Key, t } from "../i18n/t";
import { mono, radius } from "../theme";
import { CloseIcon } from "./icons";

/** Keys that belong to a field, not to an action. */
const TYPED: readonly { name: Key; shortcut: Shortcut }[] = [
  { name: "composer.send", shortcut: { key: "Enter" } },
  { name: "help.newLine", shortcut: { key: "Enter", shift: true } },
  { name: "help.editLast", shortcut: { key: "↑" } },
  { name: "bots.title", shortcut: { key: "@" } },
  { name: "prompts.title", shortcut: { key: "/" } },
];

/** Every key that does something. */
export default function HelpSheet({ onClose }: { onClose: () => void }) {
  const lines = [
    ...TYPED,
    ...[stop, ...appActions, startRun].map(({ name, shortcut }) => ({ name, shortcut })),
  ].filter((line): line is { name: Key; shortcut: Shortcut } => line.shortcut !== undefined);
  return (
    <Dialog open onClose={onClose} aria-labelledby="help-title">
      <DialogTitle id="help-title" sx={{ pr: 7 }}>
        {t("action.help")}
      </DialogTitle>
      <IconButton
        aria-label={t("action.close")}
        onClick={onClose}
        sx={{ position: "absolute", top: 12, right: 12 }}
      >
        <CloseIcon />
      </IconButton>
      <DialogContent>
        <Box component="dl" sx={sheet}>
          {lines.map(({ name, shortcut }) => (
            <Box key={name}>
              <dt>{t(name)}</dt>
              <dd>
                <kbd dir="ltr">{shortcutText(shortcut)}</kbd>
              </dd>
            </Box>
          ))}
        </Box>
      </DialogContent>
    </Dialog>
  );
}

const sheet = {
  m: 0,
  "& > div": { display: "flex", justifyContent: "space-between", gap: 2, py: 0.75 },
  "& dd": { m: 0 },
  "& kbd": {
    fontFamily: mono,
    fontSize: "0.8125rem",
    px: 1,
    py: 0.25,
    border: 1,
    borderColor: "divider",
    borderRadius: radius.small,
    bgcolor: "background.bubble",
  },
} as const;
