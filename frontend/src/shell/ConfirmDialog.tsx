import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogContentText from "@mui/material/DialogContentText";
import DialogTitle from "@mui/material/DialogTitle";
import { useId } from "react";
import { t } from "../i18n/t";

type Props = {
  title: string;
  text: string;
  confirm: string;
  problem: Error | null;
  isBusy: boolean;
  onConfirm: () => void;
  onClose: () => void;
};

/** Before something is gone for good. */
export function ConfirmDialog({ title, text, confirm, problem, isBusy, onConfirm, onClose }: Props) {
  const id = useId();
  return (
    <Dialog open onClose={onClose} aria-labelledby={`${id}-title`} aria-describedby={`${id}-text`}>
      <DialogTitle id={`${id}-title`}>{title}</DialogTitle>
      <DialogContent>
        <DialogContentText id={`${id}-text`}>{text}</DialogContentText>
        {problem && (
          <Alert severity="error" sx={{ mt: 2 }}>
            {problem.message}
          </Alert>
        )}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose} autoFocus>
          {t("action.cancel")}
        </Button>
        <Button color="error" variant="contained" onClick={onConfirm} loading={isBusy}>
          {confirm}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
