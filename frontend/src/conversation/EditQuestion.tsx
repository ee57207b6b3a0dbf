import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import InputBase from "@mui/material/InputBase";
import { type KeyboardEvent, useState } from "react";
import { type MessageTarget, sendEdited } from "../actions/message_actions";
import { useAction } from "../actions/useAction";
import { KeptFiles } from "../files/KeptFiles";
import { t } from "../i18n/t";
import { useParley } from "../shell/parley";
import { layout, radius } from "../theme";
import { textOf } from "./answer";
import { partsOf } from "./ask";
import { isSendKey } from "./send_key";

/** The words of a question, changed in place. Sending makes a version beside it; the old one stays. */
export function EditQuestion(question: MessageTarget) {
  const { message } = question;
  const parley = useParley();
  const [text, setText] = useState(() => textOf(message.parts));
  const [files, setFiles] = useState(() => message.parts.filter((part) => part.type === "file"));
  const parts = text.trim() || files.length ? partsOf(text, files) : [];
  const target = { ...question, parts };
  const close = () => parley.editing.set(null);
  const sending = useAction(sendEdited, { complains: true });
  const send = () => {
    if (sendEdited.allowed(target) && !sending.isPending) sending.mutate(target);
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
          disabled={!sendEdited.allowed(target)}
        >
          {t(sendEdited.name)}
        </Button>
      </Box>
    </Box>
  );
}
