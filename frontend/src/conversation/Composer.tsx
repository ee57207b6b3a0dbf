import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import IconButton from "@mui/material/IconButton";
import InputBase from "@mui/material/InputBase";
import Tooltip from "@mui/material/Tooltip";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { ActionButton } from "../actions/ActionButton";
import { type MessageTarget, stop } from "../actions/message_actions";
import { useShortcut } from "../actions/useShortcut";
import type { Id } from "../api/types";
import { pickBot } from "../bots/choice";
import { t } from "../i18n/t";
import { SendIcon } from "../shell/icons";
import { useMe } from "../shell/me";
import { useObservable } from "../shell/observable";
import { useParley } from "../shell/parley";
import { layout, radius } from "../theme";
import { MentionList, useMention } from "./Mention";
import { isSendKey } from "./send_key";

type Props = {
  /** Null: what is sent begins a new conversation. */
  conversation: Id | null;
  onSend: (text: string) => void;
  /** The answer that is being written, which may be stopped. */
  running: MessageTarget | undefined;
  botName: string;
  /** What ArrowUp in an empty field edits. */
  lastQuestion: Id | undefined;
};

export function Composer({ conversation, onSend, running, botName, lastQuestion }: Props) {
  const parley = useParley();
  const me = useMe();
  const draft = useObservable(parley.drafts.of(me.user.id, conversation));
  const field = useComposerFocus(conversation);
  useShortcut(stop, running);
  const write = (text: string) => parley.drafts.write(me.user.id, conversation, text);
  const tooLong = tooLongBy(draft.text, me.limits.message_bytes);
  const maySend = draft.text.trim() !== "" && tooLong === 0;
  const send = () => {
    if (!maySend) return;
    onSend(draft.text);
    write("");
  };
  const mention = useMention(draft.text, field, (text, bot) => {
    write(text);
    pickBot(conversation, bot.id);
  });
  const listen = (event: KeyboardEvent) => {
    if (mention.listen(event)) return;
    if (event.key === "ArrowUp" && draft.text === "" && lastQuestion) parley.editing.set(lastQuestion);
    else if (isSendKey(event)) send();
    else return;
    event.preventDefault();
  };
  const problem = tooLong
    ? t("composer.tooLong", { limit: Math.floor(me.limits.message_bytes / 1024) })
    : draft.problem;
  return (
    <Box sx={{ px: { xs: 1.5, sm: 3 }, pb: { xs: 1.5, sm: 2 }, pt: 0.5 }}>
      <Box sx={{ maxWidth: layout.columnWidth - 48, mx: "auto" }}>
        {problem && (
          <Alert
            severity="error"
            variant="outlined"
            sx={{ mb: 1 }}
            onClose={tooLong ? undefined : () => write(draft.text)}
          >
            {problem}
          </Alert>
        )}
        <Box sx={frame} onClick={() => field.current?.focus()}>
          <InputBase
            multiline
            fullWidth
            inputRef={field}
            maxRows={layout.composerMaxRows}
            value={draft.text}
            placeholder={t("composer.placeholder", { name: botName || t("app.name") })}
            onChange={(event) => write(event.target.value)}
            onKeyDown={listen}
            inputProps={{ "aria-label": t("composer.label"), enterKeyHint: "send" }}
            sx={{ px: 1, py: 0.75, fontSize: "1rem", lineHeight: 1.5 }}
          />
          <MentionList mention={mention} anchor={field} />
          {running && <ActionButton action={stop} target={running} />}
          {/* While an answer is written there is nothing to send but what was typed meanwhile. */}
          {(!running || maySend) && (
            <Tooltip title={t("composer.send")}>
              <span>
                <IconButton
                  aria-label={t("composer.send")}
                  disabled={!maySend}
                  onClick={send}
                  sx={sendButton}
                >
                  <SendIcon />
                </IconButton>
              </span>
            </Tooltip>
          )}
        </Box>
      </Box>
    </Box>
  );
}

const frame = {
  display: "flex",
  alignItems: "flex-end",
  gap: 0.5,
  p: 0.75,
  border: 1,
  borderColor: "divider",
  borderRadius: radius.large,
  bgcolor: "background.paper",
  cursor: "text",
  "&:focus-within": { borderColor: "primary.main" },
  "& > .MuiIconButton-root": {
    width: 36,
    height: 36,
    bgcolor: "background.selected",
    color: "text.primary",
    flex: "none",
  },
} as const;

const sendButton = {
  width: 36,
  height: 36,
  flex: "none",
  bgcolor: "primary.main",
  color: "primary.contrastText",
  "&:hover": { bgcolor: "primary.dark" },
  "&.Mui-disabled": { bgcolor: "background.bubble" },
} as const;

/** The keyboard goes where the person will type: on arrival with a mouse, and whenever something asks for it. */
function useComposerFocus(conversation: Id | null) {
  const { focusWish } = useParley();
  const wish = useObservable(focusWish);
  const field = useRef<HTMLTextAreaElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: again on arrival in another conversation
  useEffect(() => {
    // On a phone this would open the keyboard over what there is to read.
    if (window.matchMedia("(hover: hover)").matches) field.current?.focus();
  }, [conversation]);
  useEffect(() => {
    if (wish !== "composer") return;
    field.current?.focus();
    focusWish.set(null);
  }, [wish, focusWish]);
  return field;
}

function tooLongBy(text: string, limitBytes: number): number {
  // A character takes at most three bytes for each of its units: most texts need no counting.
  if (text.length * 3 <= limitBytes) return 0;
  return Math.max(0, new TextEncoder().encode(text).length - limitBytes);
}
