import Button from "@mui/material/Button";
import Snackbar from "@mui/material/Snackbar";
import { t } from "../i18n/t";
import { useObservable } from "./observable";
import { useParley } from "./parley";

const SHOWN_MS = 4000;
const UNDO_SHOWN_MS = 7000;

export function Toast() {
  const { toast } = useParley();
  const message = useObservable(toast);
  const close = (_event: unknown, reason?: string) => {
    if (reason !== "clickaway") toast.set(null);
  };
  return (
    <Snackbar
      open={message !== null}
      message={message}
      autoHideDuration={SHOWN_MS}
      onClose={close}
      anchorOrigin={{ vertical: "top", horizontal: "center" }}
    />
  );
}

/** What has just been done, and the way back. */
export function UndoToast() {
  const parley = useParley();
  const offer = useObservable(parley.undo);
  const takeBack = () => {
    parley.undo.set(null);
    void offer?.takeBack();
  };
  return (
    <Snackbar
      key={offer?.text}
      open={offer !== null}
      message={offer?.text}
      autoHideDuration={UNDO_SHOWN_MS}
      onClose={(_event, reason) => reason !== "clickaway" && parley.undo.set(null)}
      anchorOrigin={{ vertical: "bottom", horizontal: "left" }}
      action={
        <Button color="inherit" size="small" onClick={takeBack} sx={{ textDecoration: "underline" }}>
          {t("undo.do")}
        </Button>
      }
    />
  );
}
