import TextField from "@mui/material/TextField";
import { useState } from "react";
import { saveTitle } from "../actions/library_actions";
import { useAction } from "../actions/useAction";
import type { ConversationSummary } from "../api/types";
import { t } from "../i18n/t";
import { FormDialog } from "../shell/FormDialog";

const LONGEST_TITLE = 200;

type Props = { conversation: ConversationSummary; onClose: () => void };

export default function RenameDialog({ conversation, onClose }: Props) {
  const [title, setTitle] = useState(conversation.title);
  const renaming = useAction(saveTitle, { onDone: onClose });
  const wish = { conversation, title: title.trim() };
  return (
    <FormDialog
      title={t("rename.title")}
      isSaving={renaming.isPending}
      isReady={saveTitle.allowed(wish)}
      onSave={() => renaming.mutate(wish)}
      onClose={onClose}
    >
      <TextField
        autoFocus
        label={t("rename.field")}
        value={title}
        onChange={(event) => setTitle(event.target.value)}
        onFocus={(event) => event.target.select()}
        error={renaming.isError}
        helperText={renaming.error?.message}
        slotProps={{ htmlInput: { maxLength: LONGEST_TITLE } }}
      />
    </FormDialog>
  );
}
