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
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { performAction } from "../actions/action";
import { copyShare, endLink, makeShare } from "../actions/library_actions";
import { useAction } from "../actions/useAction";
import type { ConversationSummary, Share } from "../api/types";
import { dayText, timeText } from "../i18n/format";
import { t } from "../i18n/t";
import { Row, Rows } from "../settings/Rows";
import { useParley } from "../shell/parley";
import { sharesQuery } from "./queries";

const DAYS = [1, 7, 30, 365] as const;
const FOR_EVER = 0;

type Props = { conversation: ConversationSummary; onClose: () => void };

/** Links to a picture of this conversation: made, copied and ended here. */
export default function ShareDialog({ conversation, onClose }: Props) {
  const shares = useQuery(sharesQuery(conversation.id));
  const [days, setDays] = useState<number>(30);
  const making = useAction(makeShare);
  const make = () => making.mutate({ conversation, days: days === FOR_EVER ? null : days });
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
          <Button variant="contained" onClick={make} loading={making.isPending}>
            {t(makeShare.name)}
          </Button>
        </Box>
        {making.error && <Alert severity="error">{making.error.message}</Alert>}
        {shares.data && shares.data.length > 0 && (
          <Rows label={t("share.links")}>
            {shares.data.map((share) => (
              <ShareRow key={share.id} {...{ conversation, share }} />
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

function ShareRow({ conversation, share }: { conversation: ConversationSummary; share: Share }) {
  const parley = useParley();
  const ending = useAction(endLink, { complains: true });
  return (
    <Row
      name={t("share.made", { time: timeText(share.created_at) })}
      detail={share.expires_at ? t("share.until", { day: dayText(share.expires_at) }) : t("share.forEver")}
    >
      <Button size="small" onClick={() => void performAction(copyShare, parley, share)}>
        {t(copyShare.name)}
      </Button>
      <Button
        size="small"
        color="error"
        loading={ending.isPending}
        onClick={() => ending.mutate({ conversation, share })}
      >
        {t(endLink.name)}
      </Button>
    </Row>
  );
}
