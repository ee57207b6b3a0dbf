import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogContentText from "@mui/material/DialogContentText";
import DialogTitle from "@mui/material/DialogTitle";
import Stack from "@mui/material/Stack";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ConversationSummary } from "../api/types";
import { type Key, t } from "../i18n/t";
import { useParley } from "../shell/parley";
import { exported, FORMS, type Form } from "./exports";
import { conversationQuery } from "./queries";

const NAMES: Readonly<Record<Form, Key>> = {
  markdown: "export.markdown",
  json: "export.json",
  csv: "export.csv",
};

type Props = { conversation: ConversationSummary; onClose: () => void };

/** One conversation as a file. */
export default function ExportDialog({ conversation, onClose }: Props) {
  const queries = useQueryClient();
  const parley = useParley();
  const saving = useMutation({
    mutationFn: async (form: Form) =>
      exported(await queries.fetchQuery(conversationQuery(conversation.id)), form),
    onSuccess: ({ name, blob }) => {
      save(name, blob);
      onClose();
    },
    onError: (problem) => parley.complain(problem),
  });
  return (
    <Dialog open onClose={onClose} aria-labelledby="export-title">
      <DialogTitle id="export-title">{t("export.title")}</DialogTitle>
      <DialogContent>
        <DialogContentText sx={{ mb: 2 }}>{t("export.text")}</DialogContentText>
        <Stack spacing={1}>
          {FORMS.map((form) => (
            <Button
              key={form}
              variant="outlined"
              loading={saving.isPending && saving.variables === form}
              onClick={() => saving.mutate(form)}
            >
              {t(NAMES[form])}
            </Button>
          ))}
        </Stack>
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{t("action.close")}</Button>
      </DialogActions>
    </Dialog>
  );
}

function save(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
