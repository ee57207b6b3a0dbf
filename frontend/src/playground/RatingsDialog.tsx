import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogContentText from "@mui/material/DialogContentText";
import DialogTitle from "@mui/material/DialogTitle";
import { useQuery } from "@tanstack/react-query";
import { numberText, percentText } from "../i18n/format";
import { t } from "../i18n/t";
import { Loaded } from "../settings/Loaded";
import { standingsQuery } from "./queries";
import type { Standing } from "./shapes";

/** What the workspace thinks of its models and bots. */
export default function RatingsDialog({ onClose }: { onClose: () => void }) {
  const standings = useQuery(standingsQuery);
  return (
    <Dialog open onClose={onClose} maxWidth="sm" aria-labelledby="ratings-title">
      <DialogTitle id="ratings-title">{t("playground.ratings")}</DialogTitle>
      <DialogContent>
        <DialogContentText sx={{ mb: 2 }}>{t("playground.ratingsHint")}</DialogContentText>
        <Loaded query={standings}>
          {({ models, bots }) => (
            <>
              <Table title={t("bots.models")} rows={models} />
              {bots.length > 0 && <Table title={t("bots.made")} rows={bots} />}
            </>
          )}
        </Loaded>
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{t("action.close")}</Button>
      </DialogActions>
    </Dialog>
  );
}

function Table({ title, rows }: { title: string; rows: readonly Standing[] }) {
  if (rows.length === 0) {
    return <Box sx={{ color: "text.secondary", fontSize: "0.875rem" }}>{t("playground.noRatings")}</Box>;
  }
  return (
    // A wide table scrolls; it must be reachable without a mouse.
    <Box component="section" tabIndex={0} aria-label={title} sx={{ overflowX: "auto", mb: 2 }}>
      <Box component="table" sx={table}>
        <thead>
          <tr>
            <th scope="col">{title}</th>
            <th scope="col">{t("playground.score")}</th>
            <th scope="col">{t("playground.thumbs")}</th>
            <th scope="col">{t("playground.comparisons")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row" dir="auto">
                {row.label}
              </th>
              <td>{row.score === null ? "–" : percentText(row.score)}</td>
              <td>{`+${numberText(row.likes)} −${numberText(row.dislikes)}`}</td>
              <td>{[row.wins, row.ties, row.losses].map(numberText).join(" / ")}</td>
            </tr>
          ))}
        </tbody>
      </Box>
    </Box>
  );
}

const table = {
  width: "100%",
  borderCollapse: "collapse",
  fontSize: "0.875rem",
  fontVariantNumeric: "tabular-nums",
  "& th, & td": { textAlign: "start", px: 1, py: 0.75, borderBottom: 1, borderColor: "divider" },
  "& thead th": { color: "text.secondary", fontSize: "0.8125rem", fontWeight: 550 },
  "& tbody th": { fontWeight: 550, overflowWrap: "anywhere" },
  "& td": { whiteSpace: "nowrap" },
} as const;
