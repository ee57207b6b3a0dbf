import TextField from "@mui/material/TextField";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Problem } from "../api/problem";
import type { ConversationSummary } from "../api/types";
import { t } from "../i18n/t";
import { FormDialog } from "../shell/FormDialog";
import { showTitle } from "./cache";
import { conversationsQuery, renameConversation } from "./queries";

const LONGEST_TITLE = 200;

type Props = { conversation: ConversationSummary; onClose: () => void };

export default function RenameDialog({ conversation, onClose }: Props) {
  const queries = useQueryClient();
  const [title, setTitle] = useState(conversation.title);
  const renaming = useMutation({
    mutationFn: () => renameConversation(conversation.id, title.trim(), conversation.version),
    onSuccess: ({ version }) => {
      showTitle(queries, conversation.id, title.trim(), version);
      onClose();
    },
    onError: (problem) => {
      // Somebody else was faster: what is shown is old.
      if (problem instanceof Problem && problem.status === 409) {
        void queries.invalidateQueries({ queryKey: conversationsQuery.queryKey });
      }
    },
  });
  return (
    <FormDialog
      title={t("rename.title")}
      isSaving={renaming.isPending}
      isReady={title.trim() !== ""}
      onSave={renaming.mutate}
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
