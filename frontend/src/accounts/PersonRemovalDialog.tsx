import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogContentText from "@mui/material/DialogContentText";
import DialogTitle from "@mui/material/DialogTitle";
import TextField from "@mui/material/TextField";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { nameOf, removeNow } from "../actions/person_actions";
import { useAction } from "../actions/useAction";
import type { Belongings, Person } from "../api/types";
import { bytesText } from "../i18n/format";
import { t } from "../i18n/t";
import { Loaded } from "../settings/Loaded";
import { belongingsQuery } from "./people";

type Props = { person: Person; onClose: () => void };

/** Says what goes and what stays, and asks for the address before it goes. */
export default function PersonRemovalDialog({ person, onClose }: Props) {
  const belongings = useQuery(belongingsQuery(person.id));
  const [typed, setTyped] = useState("");
  const removing = useAction(removeNow, { onDone: onClose });
  const isMeant = typed.trim().toLowerCase() === person.email.toLowerCase();
  return (
    <Dialog open onClose={onClose} maxWidth="sm" aria-labelledby="removal-title">
      <DialogTitle id="removal-title">{t("people.removeTitle", { name: nameOf(person) })}</DialogTitle>
      <DialogContent>
        <DialogContentText>{t("people.removeText")}</DialogContentText>
        <Loaded query={belongings}>{(found) => <Fate of={found} />}</Loaded>
        <TextField
          label={t("people.removeConfirm", { email: person.email })}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          autoComplete="off"
          sx={{ mt: 1 }}
        />
        {removing.error && (
          <Alert severity="error" sx={{ mt: 2 }}>
            {removing.error.message}
          </Alert>
        )}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{t("action.cancel")}</Button>
        <Button
          color="error"
          variant="contained"
          disabled={!isMeant || !belongings.data}
          loading={removing.isPending}
          onClick={() => removing.mutate(person)}
        >
          {t(removeNow.name)}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function Fate({ of: { conversations, files, file_bytes, archives, keys, bots } }: { of: Belongings }) {
  const goes = [
    t("people.conversations", { count: conversations }),
    `${t("people.files", { count: files })}${files ? ` (${bytesText(file_bytes)})` : ""}`,
    t("people.archives", { count: archives }),
    t("people.keys", { count: keys }),
  ];
  return (
    <Box component="ul" sx={{ my: 2, paddingInlineStart: 3, fontSize: "0.9375rem" }}>
      {goes.map((text) => (
        <li key={text}>{text}</li>
      ))}
      <Box component="li" sx={{ color: "text.secondary" }}>
        {t("people.stays", { bots: t("people.bots", { count: bots }) })}
      </Box>
    </Box>
  );
}
