import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import TextField from "@mui/material/TextField";
import Tooltip from "@mui/material/Tooltip";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Folder } from "../api/types";
import { t } from "../i18n/t";
import { go } from "../routing/router";
import { LIBRARY } from "../routing/routes";
import { FormDialog } from "../shell/FormDialog";
import { EditIcon } from "../shell/icons";
import { showKept } from "./cache";
import { deleteFolder, renameFolder } from "./queries";

/** A folder gets another name, or goes; what lies in it stays. */
export function FolderMenu({ folder }: { folder: Folder }) {
  const queries = useQueryClient();
  const [name, setName] = useState<string | null>(null);
  const close = () => setName(null);
  const done = () => {
    showKept(queries);
    close();
  };
  const renaming = useMutation({ mutationFn: () => renameFolder(folder.id, name ?? ""), onSuccess: done });
  const deleting = useMutation({
    mutationFn: () => deleteFolder(folder.id),
    onSuccess: () => {
      done();
      go(LIBRARY, "replace");
    },
  });
  const problem = renaming.error ?? deleting.error;
  return (
    <>
      <Tooltip title={t("folder.edit")}>
        <IconButton size="small" aria-label={t("folder.edit")} onClick={() => setName(folder.name)}>
          <EditIcon />
        </IconButton>
      </Tooltip>
      {name !== null && (
        <FormDialog
          title={t("folder.edit")}
          isSaving={renaming.isPending}
          isReady={name.trim() !== ""}
          onSave={renaming.mutate}
          onClose={close}
          aside={
            <Button
              color="error"
              onClick={() => deleting.mutate()}
              loading={deleting.isPending}
              sx={{ mr: "auto" }}
            >
              {t("folder.delete")}
            </Button>
          }
        >
          <TextField
            autoFocus
            label={t("file.folderName")}
            value={name}
            onChange={(event) => setName(event.target.value)}
            error={problem !== null}
            helperText={problem?.message ?? t("folder.deleteHint")}
            slotProps={{ htmlInput: { maxLength: 100 } }}
          />
        </FormDialog>
      )}
    </>
  );
}
