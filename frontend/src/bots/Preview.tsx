import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import InputBase from "@mui/material/InputBase";
import Tooltip from "@mui/material/Tooltip";
import Typography from "@mui/material/Typography";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useMemo, useState } from "react";
import { ActionButton } from "../actions/ActionButton";
import { type Trial, tryOut } from "../actions/editor_actions";
import { type MessageTarget, stop } from "../actions/message_actions";
import { useAction } from "../actions/useAction";
import { Starters } from "../conversation/EmptyConversation";
import { MessageList } from "../conversation/MessageList";
import { PendingQuestion } from "../conversation/PendingQuestion";
import { isSendKey } from "../conversation/send_key";
import { branchTo } from "../conversation/tree";
import { usePending } from "../conversation/useOutbox";
import { conversationQuery } from "../conversations/queries";
import { t } from "../i18n/t";
import { Prose } from "../markdown/Prose";
import { RetryIcon, SendIcon } from "../shell/icons";
import { useMe } from "../shell/me";
import { radius } from "../theme";
import { BotAvatar } from "./BotAvatar";
import type { BotFields } from "./fields";

/** The bot as it stands in the form, to talk to: an ordinary conversation that is not kept. */
export function Preview({ fields }: { fields: BotFields }) {
  const { user } = useMe();
  const [place, setPlace] = useState<Trial | null>(null);
  const conversation = useQuery({
    ...conversationQuery(place?.conversation ?? ""),
    enabled: place !== null,
  }).data;
  const branch = useMemo(
    () => (conversation ? branchTo(conversation.messages, conversation.leaf) : []),
    [conversation],
  );
  const pending = usePending(place?.conversation ?? "");
  const last = branch.at(-1);
  const isBusy = (last?.role === "assistant" && last.status === "writing") || pending.length > 0;
  const asking = useAction(tryOut);
  const wish = (text: string) => ({
    fields,
    text,
    user: user.id,
    place,
    parent: last?.id ?? null,
    begun: setPlace,
  });
  const running: MessageTarget | undefined =
    place && last?.role === "assistant" && last.status === "writing"
      ? { message: last, conversation: place.conversation, bot: place.bot, isBusy }
      : undefined;
  const waiting = pending.map((item) => <PendingQuestion key={item.key} item={item} onSend={null} />);
  const isTalking = conversation !== undefined && (branch.length > 0 || waiting.length > 0);
  return (
    <Box
      component="section"
      aria-label={t("bots.preview")}
      sx={{ flex: 1, minHeight: 0, display: "flex", flexDirection: "column" }}
    >
      {isTalking && place ? (
        <MessageList
          key={place.conversation}
          bot={place.bot}
          goTo={undefined}
          {...{ conversation, branch, isBusy, waiting }}
        />
      ) : (
        <Opening fields={fields} onStart={(text) => asking.mutate(wish(text))} />
      )}
      <Box sx={{ px: { xs: 1.5, sm: 2 }, pb: 2, pt: 0.5 }}>
        {asking.error && (
          <Alert severity="error" variant="outlined" sx={{ mb: 1 }}>
            {asking.error.message}
          </Alert>
        )}
        <Asker
          isBusy={isBusy || asking.isPending}
          running={running}
          mayBegin={fields.model !== ""}
          onSend={(text) => asking.mutateAsync(wish(text))}
          onAgain={place ? () => setPlace(null) : null}
        />
      </Box>
    </Box>
  );
}

/** What a person sees before the first word, as it will be. */
function Opening({ fields, onStart }: { fields: BotFields; onStart: (text: string) => void }) {
  const starters = fields.starters
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  return (
    <Box sx={{ flex: 1, minHeight: 0, overflowY: "auto", display: "grid", alignItems: "safe center" }}>
      <Box sx={{ px: 3, py: 3 }}>
        <Box sx={{ display: "grid", justifyItems: "center", textAlign: "center", gap: 1.25 }}>
          <BotAvatar face={fields} size="large" isOwn />
          <Typography variant="h2" component="p">
            {fields.name || t("bots.nameless")}
          </Typography>
          <Box sx={{ color: "text.secondary", maxWidth: 440 }}>
            {fields.greeting ? <Prose text={fields.greeting} /> : t("empty.hint")}
          </Box>
        </Box>
        <Starters starters={starters.slice(0, 6)} onStart={onStart} />
      </Box>
    </Box>
  );
}

type AskerProps = {
  isBusy: boolean;
  running: MessageTarget | undefined;
  mayBegin: boolean;
  onSend: (text: string) => Promise<void>;
  /** Forgets what was said; null while nothing was. */
  onAgain: (() => void) | null;
};

function Asker({ isBusy, running, mayBegin, onSend, onAgain }: AskerProps) {
  const [text, setText] = useState("");
  const maySend = mayBegin && !isBusy && text.trim() !== "";
  const send = () => {
    if (!maySend) return;
    setText("");
    // What could not be sent stands there again.
    onSend(text).catch(() => setText(text));
  };
  const listen = (event: KeyboardEvent) => {
    if (!isSendKey(event)) return;
    event.preventDefault();
    send();
  };
  return (
    <>
      <Box sx={frame}>
        <InputBase
          multiline
          fullWidth
          maxRows={6}
          value={text}
          placeholder={t(mayBegin ? "bots.tryIt" : "bots.chooseModel")}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={listen}
          inputProps={{ "aria-label": t("bots.tryIt"), enterKeyHint: "send" }}
          sx={{ px: 1, py: 0.5 }}
        />
        {running && <ActionButton action={stop} target={running} />}
        {!running && (
          <Tooltip title={t("composer.send")}>
            <span>
              <IconButton aria-label={t("composer.send")} disabled={!maySend} onClick={send}>
                <SendIcon />
              </IconButton>
            </span>
          </Tooltip>
        )}
      </Box>
      <Box sx={{ display: "flex", alignItems: "center", gap: 1, mt: 0.75, minHeight: 30 }}>
        <Typography variant="caption" sx={{ color: "text.secondary", flex: 1 }}>
          {t("bots.previewHint")}
        </Typography>
        {onAgain && (
          <Button size="small" color="inherit" startIcon={<RetryIcon />} onClick={onAgain} disabled={isBusy}>
            {t("bots.startOver")}
          </Button>
        )}
      </Box>
    </>
  );
}

const frame = {
  display: "flex",
  alignItems: "flex-end",
  gap: 0.5,
  p: 0.5,
  border: 1,
  borderColor: "divider",
  borderRadius: radius.large,
  bgcolor: "background.paper",
  "&:focus-within": { borderColor: "primary.main" },
} as const;
