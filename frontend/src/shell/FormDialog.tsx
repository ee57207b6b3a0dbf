import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogContentText from "@mui/material/DialogContentText";
import DialogTitle from "@mui/material/DialogTitle";
import { type FormEvent, type ReactNode, useId } from "react";
import { t } from "../i18n/t";

type Props = {
  title: string;
  hint?: string;
  /** What was said about no field in particular. */
  problem?: string | null;
  isSaving: boolean;
  /** What is typed can be saved. */
  isReady?: boolean;
  onSave: () => void;
  onClose: () => void;
  /** Another way out, at the far end of the buttons. */
  aside?: ReactNode;
  children: ReactNode;
};

/** Some fields, with Save and Cancel. */
export function FormDialog({ title, hint, problem, isSaving, isReady = true, onSave, ...rest }: Props) {
  const id = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady) onSave();
  };
  return (
    <Dialog open onClose={rest.onClose} aria-labelledby={id}>
      <form onSubmit={submit}>
        <DialogTitle id={id}>{title}</DialogTitle>
        {/* The label of a first field stands half outside of it. */}
        <DialogContent sx={{ display: "grid", gap: 2, pt: "8px !important" }}>
          {hint && <DialogContentText variant="body2">{hint}</DialogContentText>}
          {rest.children}
          {problem && <Alert severity="error">{problem}</Alert>}
        </DialogContent>
        <DialogActions>
          {rest.aside}
          <Button onClick={rest.onClose}>{t("action.cancel")}</Button>
          <Button type="submit" variant="contained" loading={isSaving} disabled={!isReady}>
            {t("action.save")}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
