import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import TextField from "@mui/material/TextField";
import Tooltip from "@mui/material/Tooltip";
import { useState } from "react";
import { removeFolder, saveFolder } from "../actions/library_actions";
import { useAction } from "../actions/useAction";
import type { Folder } from "../api/types";
import { t } from "../i18n/t";
import { FormDialog } from "../shell/FormDialog";
import { EditIcon } from "../shell/icons";

/** A folder gets another name, or goes; what lies in it stays. */
export function FolderMenu({ folder }: { folder: Folder }) {
  const [name, setName] = useState<string | null>(null);
  const close = () => setName(null);
  const renaming = useAction(saveFolder, { onDone: close });
  const deleting = useAction(removeFolder, { onDone: close });
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
          isReady={saveFolder.allowed({ folder, name })}
          onSave={() => renaming.mutate({ folder, name })}
          onClose={close}
          aside={
            <Button
              color="error"
              onClick={() => deleting.mutate(folder)}
              loading={deleting.isPending}
              sx={{ mr: "auto" }}
            >
              {t(removeFolder.name)}
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
