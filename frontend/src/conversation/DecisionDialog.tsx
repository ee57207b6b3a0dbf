import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import Typography from "@mui/material/Typography";
import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import type { Id } from "../api/types";
import { t } from "../i18n/t";
import { decisionQuery } from "../providers/rules";

/** Which model a rule let answer, and what spoke for it. */
export default function DecisionDialog({ message, onClose }: { message: Id; onClose: () => void }) {
  const id = useId();
  const { data, error } = useQuery(decisionQuery(message));
  return (
    <Dialog open onClose={onClose} aria-labelledby={id} maxWidth="sm">
      <DialogTitle id={id}>{t("why.title")}</DialogTitle>
      <DialogContent>
        {error && <Alert severity="info">{error.message}</Alert>}
        {data && (
          <>
            <Typography sx={{ mb: 1.5 }}>
              {data.rule ? t("why.byRule", { model: data.model, rule: data.rule }) : data.model}
            </Typography>
            <Box component="ul" sx={{ m: 0, pl: 2.5, display: "grid", gap: 0.75, fontSize: "0.9375rem" }}>
              {data.reasons.map((reason) => (
                <li key={reason}>{reason}</li>
              ))}
            </Box>
          </>
        )}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{t("action.close")}</Button>
      </DialogActions>
    </Dialog>
  );
}
