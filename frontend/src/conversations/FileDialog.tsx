import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { ConversationSummary } from "../api/types";
import { t } from "../i18n/t";
import { showKept } from "./cache";
import { createFolder, foldersQuery, keepConversation } from "./queries";

const NONE = "none";
const NEW = "new";

type Props = { conversation: ConversationSummary; onClose: () => void };

/** Into which folder a conversation goes, and which tags it has. */
export default function FileDialog({ conversation, onClose }: Props) {
  const queries = useQueryClient();
  const folders = useQuery(foldersQuery).data ?? [];
  const [folder, setFolder] = useState<string>(conversation.folder ?? NONE);
  const [name, setName] = useState("");
  const [tags, setTags] = useState(conversation.tags.join(", "));
  const filing = useMutation({
    mutationFn: async () => {
      const made = folder === NEW ? (await createFolder(name)).id : folder;
      const names = tags.split(/[,،、]/).map((tag) => tag.trim());
      await keepConversation(conversation.id, {
        folder: made === NONE ? null : made,
        tags: names.filter(Boolean),
      });
    },
    onSuccess: () => {
      showKept(queries);
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    filing.mutate();
  };
  return (
    <Dialog open onClose={onClose} aria-labelledby="file-title">
      <form onSubmit={submit}>
        <DialogTitle id="file-title">{t("file.title")}</DialogTitle>
        <DialogContent sx={{ display: "grid", gap: 2 }}>
          <TextField
            select
            label={t("file.folder")}
            value={
              folder === NONE || folder === NEW || folders.some(({ id }) => id === folder) ? folder : NONE
            }
            onChange={(event) => setFolder(event.target.value)}
            sx={{ mt: 1 }}
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
        </DialogContent>
        <DialogActions>
          <Button onClick={onClose}>{t("action.cancel")}</Button>
          <Button
            type="submit"
            variant="contained"
            loading={filing.isPending}
            disabled={folder === NEW && !name.trim()}
          >
            {t("action.save")}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
