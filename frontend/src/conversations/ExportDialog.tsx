import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import Stack from "@mui/material/Stack";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import type { Conversation, ConversationSummary } from "../api/types";
import { type Key, t } from "../i18n/t";
import { printPage } from "../keeping/print";
import { useParley } from "../shell/parley";
import { asFile, exported, type Form, isDrawn, save } from "./exports";
import { conversationQuery } from "./queries";

const Paper = lazy(() => import("../keeping/Paper"));

const FORMS: readonly { form: Form; name: Key; hint: Key }[] = [
  { form: "html", name: "export.html", hint: "export.htmlHint" },
  { form: "pdf", name: "export.pdf", hint: "export.pdfHint" },
  { form: "markdown", name: "export.markdown", hint: "export.markdownHint" },
  { form: "csv", name: "export.csv", hint: "export.csvHint" },
  { form: "json", name: "export.json", hint: "export.jsonHint" },
];

type Props = { conversation: ConversationSummary; onClose: () => void };
type Busy = { form: Form; whole: Conversation | null };

/** One conversation as a file, or on paper. */
export default function ExportDialog({ conversation, onClose }: Props) {
  const queries = useQueryClient();
  const parley = useParley();
  const [busy, setBusy] = useState<Busy | null>(null);
  const failed = (problem: unknown) => {
    setBusy(null);
    parley.complain(problem);
  };
  const take = async (form: Form) => {
    setBusy({ form, whole: null });
    const whole = await queries.fetchQuery(conversationQuery(conversation.id));
    if (isDrawn(form)) {
      setBusy({ form, whole });
      return;
    }
    save(exported(whole, form));
    onClose();
  };
  const drawn = (page: string) => {
    if (busy?.form === "pdf") printPage(page);
    else save(asFile(conversation.title, "html", page));
    onClose();
  };
  return (
    <Dialog open onClose={onClose} aria-labelledby="export-title">
      <DialogTitle id="export-title">{t("export.title")}</DialogTitle>
      <DialogContent>
        <Stack spacing={1}>
          {FORMS.map(({ form, name, hint }) => (
            <Button
              key={form}
              variant="outlined"
              color="inherit"
              loading={busy?.form === form}
              disabled={busy !== null}
              onClick={() => take(form).catch(failed)}
              sx={{
                justifyContent: "flex-start",
                textAlign: "start",
                px: 2,
                py: 1,
                borderColor: "divider",
              }}
            >
              <Box>
                <Box sx={{ fontSize: "0.9375rem", fontWeight: 600 }}>{t(name)}</Box>
                <Box sx={{ fontSize: "0.8125rem", fontWeight: 400, color: "text.secondary" }}>{t(hint)}</Box>
              </Box>
            </Button>
          ))}
        </Stack>
        {busy?.whole && (
          <Suspense>
            <Paper conversation={busy.whole} onDrawn={drawn} onFailure={failed} />
          </Suspense>
        )}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{t("action.close")}</Button>
      </DialogActions>
    </Dialog>
  );
}
