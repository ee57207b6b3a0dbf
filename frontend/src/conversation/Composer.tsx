import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import IconButton from "@mui/material/IconButton";
import InputBase from "@mui/material/InputBase";
import Tooltip from "@mui/material/Tooltip";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { ActionButton } from "../actions/ActionButton";
import { type MessageTarget, stop } from "../actions/message_actions";
import { useShortcut } from "../actions/useShortcut";
import type { Bot, Id } from "../api/types";
import { pickBot } from "../bots/choice";
import { AttachButton } from "../files/AttachButton";
import { AttachedRow } from "../files/AttachedRow";
import type { Attachment } from "../files/attachment_store";
import { DropHere } from "../files/DropHere";
import { pasted, useAttach, useDrop } from "../files/useAttach";
import { useAttached } from "../files/useAttachments";
import { VisionHint } from "../files/VisionHint";
import { t } from "../i18n/t";
import { useSlash } from "../prompts/useSlash";
import { useSpelled } from "../prompts/useSpelled";
import { SendIcon } from "../shell/icons";
import { useMe } from "../shell/me";
import { useObservable } from "../shell/observable";
import { useParley } from "../shell/parley";
import { layout, radius } from "../theme";
import { useMention } from "./Mention";
import { SuggestionList } from "./Suggestions";
import { isSendKey } from "./send_key";
import { useDraftSync } from "./useDraftSync";

type Props = {
  /** Null: what is sent begins a new conversation. */
  conversation: Id | null;
  onSend: (text: string, attached: readonly Attachment[]) => void;
  /** The answer that is being written, which may be stopped. */
  running: MessageTarget | undefined;
  bot: Bot | undefined;
  /** What ArrowUp in an empty field edits. */
  lastQuestion: Id | undefined;
};

export function Composer({ conversation, onSend, running, bot, lastQuestion }: Props) {
  const parley = useParley();
  const me = useMe();
  const draft = useObservable(parley.drafts.of(me.user.id, conversation));
  const field = useComposerFocus(conversation);
  useDraftSync(me.user.id, conversation);
  useShortcut(stop, running);
  const write = (text: string) => parley.drafts.write(me.user.id, conversation, text);
  const tooLong = tooLongBy(draft.text, me.limits.message_bytes);
  const attached = useAttached(conversation);
  const isWhole = attached.every(({ problem }) => problem === null);
  const maySend = (draft.text.trim() !== "" || attached.length > 0) && isWhole && tooLong === 0;
  const sendSpelled = useSpelled({
    read: () => parley.drafts.of(me.user.id, conversation).get().text,
    write,
    send: (text) => {
      onSend(text, attached);
      write("");
    },
  });
  const send = () => {
    if (maySend) sendSpelled(draft.text);
  };
  const attach = useAttach(conversation);
  const isDropping = useDrop(attach);
  const mention = useMention(draft.text, field, (text, bot) => {
    write(text);
    pickBot(conversation, bot.id);
  });
  const slash = useSlash(draft.text, field, write);
  const listen = (event: KeyboardEvent) => {
    if (mention.listen(event) || slash.listen(event)) return;
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
        <VisionHint conversation={conversation} bot={bot} attached={attached} />
        <Box sx={frame} onClick={() => field.current?.focus()}>
          <AttachedRow attached={attached} onDone={() => field.current?.focus()} />
          <AttachButton onFiles={attach} />
          <InputBase
            multiline
            inputRef={field}
            maxRows={layout.composerMaxRows}
            value={draft.text}
            placeholder={t("composer.placeholder", { name: bot?.name || t("app.name") })}
            onChange={(event) => write(event.target.value)}
            onKeyDown={listen}
            onPaste={(event) => pasted(event, attach)}
            inputProps={{
              "aria-label": t("composer.label"),
              enterKeyHint: "send",
              dir: draft.text ? "auto" : undefined,
            }}
            sx={{ flex: 1, width: 0, px: 1, py: 0.75, fontSize: "1rem", lineHeight: 1.5 }}
          />
          <SuggestionList suggestions={mention} label={t("mention.label")} anchor={field} />
          <SuggestionList suggestions={slash} label={t("prompts.label")} anchor={field} />
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
      {isDropping && <DropHere />}
    </Box>
  );
}

const frame = {
  display: "flex",
  flexWrap: "wrap",
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
