import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogContentText from "@mui/material/DialogContentText";
import DialogTitle from "@mui/material/DialogTitle";
import { linkFor, nameOf } from "../actions/person_actions";
import { useAction } from "../actions/useAction";
import type { Person } from "../api/types";
import { t } from "../i18n/t";
import { ShownLink } from "../settings/ShownLink";

type Props = { person: Person; onClose: () => void };

/** A way in for somebody who has none, made when it is asked for: a link opens once. */
export default function PersonLinkDialog({ person, onClose }: Props) {
  const making = useAction(linkFor);
  return (
    <Dialog open onClose={onClose} maxWidth="sm" aria-labelledby="person-link-title">
      <DialogTitle id="person-link-title">{t("people.linkTitle", { name: nameOf(person) })}</DialogTitle>
      <DialogContent>
        {making.data ? (
          <ShownLink
            text={t("people.linkShown")}
            label={t("people.link")}
            link={`${window.location.origin}/sign-in/${making.data.token}`}
          />
        ) : (
          <DialogContentText>{t("people.linkText", { name: nameOf(person) })}</DialogContentText>
        )}
        {making.error && (
          <Alert severity="error" sx={{ mt: 2 }}>
            {making.error.message}
          </Alert>
        )}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{t("action.close")}</Button>
        {!making.data && (
          <Button variant="contained" loading={making.isPending} onClick={() => making.mutate(person)}>
            {t(linkFor.name)}
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}
