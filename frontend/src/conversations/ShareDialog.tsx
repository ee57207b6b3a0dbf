import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogContentText from "@mui/material/DialogContentText";
import DialogTitle from "@mui/material/DialogTitle";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ConversationSummary, Share } from "../api/types";
import { dayText, timeText } from "../i18n/format";
import { t } from "../i18n/t";
import { addressOf } from "../routing/routes";
import { Row, Rows } from "../settings/Rows";
import { useParley } from "../shell/parley";
import { endShare, shareConversation, sharesQuery } from "./queries";

const DAYS = [1, 7, 30, 365] as const;
const FOR_EVER = 0;

type Props = { conversation: ConversationSummary; onClose: () => void };

/** Links to a picture of this conversation: made, copied and ended here. */
export default function ShareDialog({ conversation, onClose }: Props) {
  const queries = useQueryClient();
  const parley = useParley();
  const shares = useQuery(sharesQuery(conversation.id));
  const [days, setDays] = useState<number>(30);
  const asked = () => queries.invalidateQueries({ queryKey: sharesQuery(conversation.id).queryKey });
  const making = useMutation({
    mutationFn: () => shareConversation(conversation.id, days === FOR_EVER ? null : days),
    onSuccess: async (made) => {
      await asked();
      await parley.copy(linkOf(made));
      parley.toast.set(t("share.copied"));
    },
  });
  return (
    <Dialog open onClose={onClose} maxWidth="sm" aria-labelledby="share-title">
      <DialogTitle id="share-title">{t("share.title")}</DialogTitle>
      <DialogContent>
        <DialogContentText sx={{ mb: 2 }}>{t("share.text")}</DialogContentText>
        <Box sx={{ display: "flex", gap: 1, flexWrap: "wrap", mb: 2 }}>
          <TextField
            select
            label={t("share.ends")}
            value={days}
            onChange={(event) => setDays(Number(event.target.value))}
            sx={{ flex: "1 1 160px" }}
          >
            {DAYS.map((count) => (
              <MenuItem key={count} value={count}>
                {t("share.days", { count })}
              </MenuItem>
            ))}
            <MenuItem value={FOR_EVER}>{t("share.forEver")}</MenuItem>
          </TextField>
          <Button variant="contained" onClick={() => making.mutate()} loading={making.isPending}>
            {t("share.make")}
          </Button>
        </Box>
        {making.error && <Alert severity="error">{making.error.message}</Alert>}
        {shares.data && shares.data.length > 0 && (
          <Rows label={t("share.links")}>
            {shares.data.map((share) => (
              <ShareRow key={share.id} share={share} onEnded={asked} />
            ))}
          </Rows>
        )}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{t("action.close")}</Button>
      </DialogActions>
    </Dialog>
  );
}

function ShareRow({ share, onEnded }: { share: Share; onEnded: () => Promise<void> }) {
  const parley = useParley();
  const ending = useMutation({
    mutationFn: () => endShare(share.id),
    onSuccess: onEnded,
    onError: (problem) => parley.complain(problem),
  });
  const copy = () => {
    parley.copy(linkOf(share)).then(
      () => parley.toast.set(t("share.copied")),
      (problem: unknown) => parley.complain(problem),
    );
  };
  return (
    <Row
      name={t("share.made", { time: timeText(share.created_at) })}
      detail={share.expires_at ? t("share.until", { day: dayText(share.expires_at) }) : t("share.forEver")}
    >
      <Button size="small" onClick={copy}>
        {t("share.copy")}
      </Button>
      <Button size="small" color="error" loading={ending.isPending} onClick={() => ending.mutate()}>
        {t("share.end")}
      </Button>
    </Row>
  );
}

function linkOf({ token }: Share): string {
  return window.location.origin + addressOf({ room: "shared", token });
}
