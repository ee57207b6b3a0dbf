import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import InputBase from "@mui/material/InputBase";
import { useMutation } from "@tanstack/react-query";
import { type KeyboardEvent, useState } from "react";
import type { MessageTarget } from "../actions/message_actions";
import { KeptFiles } from "../files/KeptFiles";
import { t } from "../i18n/t";
import { useParley } from "../shell/parley";
import { layout, radius } from "../theme";
import { textOf } from "./answer";
import { editMessage, partsOf } from "./ask";
import { isSendKey } from "./send_key";

/** The words of a question, changed in place. Sending makes a version beside it; the old one stays. */
export function EditQuestion({ message, conversation, bot }: MessageTarget) {
  const parley = useParley();
  const [text, setText] = useState(() => textOf(message.parts));
  const [files, setFiles] = useState(() => message.parts.filter((part) => part.type === "file"));
  const isEmpty = !text.trim() && !files.length;
  const close = () => parley.editing.set(null);
  const sending = useMutation({
    mutationFn: () => editMessage(parley, { message, conversation, bot, parts: partsOf(text, files) }),
    onSuccess: close,
    onError: (problem) => parley.complain(problem),
  });
  const send = () => {
    if (!isEmpty && !sending.isPending) sending.mutate();
  };
  const listen = (event: KeyboardEvent) => {
    if (event.key === "Escape") close();
    else if (!isSendKey(event)) return;
    else send();
    event.preventDefault();
  };
  return (
    <Box sx={{ p: 1.5, borderRadius: radius.large, bgcolor: "background.bubble" }}>
      <KeptFiles files={files} onRemove={(gone) => setFiles(files.filter((part) => part !== gone))} />
      <InputBase
        multiline
        fullWidth
        autoFocus
        maxRows={layout.composerMaxRows}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={listen}
        inputProps={{ "aria-label": t("question.edit") }}
        sx={{ px: 0.5, fontSize: "1rem", lineHeight: 1.6 }}
      />
      <Box sx={{ display: "flex", justifyContent: "flex-end", gap: 1, mt: 1 }}>
        <Button size="small" onClick={close}>
          {t("action.cancel")}
        </Button>
        <Button
          size="small"
          variant="contained"
          onClick={send}
          loading={sending.isPending}
          disabled={isEmpty}
        >
          {t("question.send")}
        </Button>
      </Box>
    </Box>
  );
}
