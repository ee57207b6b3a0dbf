import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { saveFiling } from "../actions/library_actions";
import { useAction } from "../actions/useAction";
import type { ConversationSummary } from "../api/types";
import { t } from "../i18n/t";
import { FormDialog } from "../shell/FormDialog";
import { foldersQuery } from "./queries";

const NONE = "none";
const NEW = "new";

type Props = { conversation: ConversationSummary; onClose: () => void };

/** Into which folder a conversation goes, and which tags it has. */
export default function FileDialog({ conversation, onClose }: Props) {
  const folders = useQuery(foldersQuery).data ?? [];
  const [folder, setFolder] = useState<string>(conversation.folder ?? NONE);
  const [name, setName] = useState("");
  const [tags, setTags] = useState(conversation.tags.join(", "));
  const filing = useAction(saveFiling, { onDone: onClose });
  const save = () =>
    filing.mutate({
      conversation,
      folder: folder === NONE || folder === NEW ? null : folder,
      newFolder: folder === NEW ? name : "",
      tags: tags
        .split(/[,،、]/)
        .map((tag) => tag.trim())
        .filter(Boolean),
    });
  return (
    <FormDialog
      title={t("file.title")}
      isSaving={filing.isPending}
      isReady={folder !== NEW || name.trim() !== ""}
      onSave={save}
      onClose={onClose}
    >
      <TextField
        select
        label={t("file.folder")}
        value={folder === NONE || folder === NEW || folders.some(({ id }) => id === folder) ? folder : NONE}
        onChange={(event) => setFolder(event.target.value)}
      >
        <MenuItem value={NONE}>{t("file.noFolder")}</MenuItem>
        {folders.map(({ id, name: known }) => (
          <MenuItem key={id} value={id}>
            {known}
          </MenuItem>
        ))}
        <MenuItem value={NEW}>{t("file.newFolder")}</MenuItem>
      </TextField>
      {folder === NEW && (
        <TextField
          autoFocus
          required
          label={t("file.folderName")}
          value={name}
          onChange={(event) => setName(event.target.value)}
          slotProps={{ htmlInput: { maxLength: 100 } }}
        />
      )}
      <TextField
        label={t("file.tags")}
        helperText={filing.error?.message ?? t("file.tagsHint")}
        error={filing.isError}
        value={tags}
        onChange={(event) => setTags(event.target.value)}
      />
    </FormDialog>
  );
}
