import Snackbar from "@mui/material/Snackbar";
import { useObservable } from "./observable";
import { useParley } from "./parley";

const SHOWN_MS = 4000;

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
