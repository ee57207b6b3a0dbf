import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { tryIt } from "../actions/rule_actions";
import { useAction } from "../actions/useAction";
import { Fold } from "../conversation/Fold";
import { t } from "../i18n/t";
import { radius } from "../theme";
import type { Step, Tried } from "./rules";

/** Whom the steps would choose for what this person said before. No model is asked. */
export function RuleTrial({ steps }: { steps: Step[] }) {
  const trying = useAction(tryIt);
  return (
    <Box component="section" aria-label={t("rules.try")} sx={{ display: "grid", gap: 1.5 }}>
      <Box sx={{ display: "flex", alignItems: "center", gap: 1.5, flexWrap: "wrap" }}>
        <Button variant="outlined" loading={trying.isPending} onClick={() => trying.mutate(steps)}>
          {t(tryIt.name)}
        </Button>
        <Typography variant="body2" sx={{ color: "text.secondary", flex: "1 1 240px" }}>
          {t("rules.tryHint")}
        </Typography>
      </Box>
      {trying.error && <Alert severity="error">{trying.error.message}</Alert>}
      {trying.data?.length === 0 && <Alert severity="info">{t("rules.nothingSaid")}</Alert>}
      {trying.data && trying.data.length > 0 && <Results tried={trying.data} />}
    </Box>
  );
}

function Results({ tried }: { tried: readonly Tried[] }) {
  return (
    // Wide tables are scrolled, and whoever has only a keyboard must be able to.
    <Box role="region" aria-label={t("rules.results")} tabIndex={0} sx={frame}>
      <Box component="table" sx={table}>
        <thead>
          <tr>
            <th scope="col">{t("rules.said")}</th>
            <th scope="col">{t("rules.chosen")}</th>
            <th scope="col">{t("rules.cost")}</th>
          </tr>
        </thead>
        <tbody>
          {tried.map((one) => (
            <tr key={one.message}>
              <td dir="auto">{one.excerpt}</td>
              <td>
                {one.model ?? t("rules.nobody")}
                <Fold summary={<span>{t("rules.why")}</span>}>
                  <Box component="ul" sx={{ m: 0, pl: 2 }}>
                    {one.reasons.map((reason) => (
                      <li key={reason}>{reason}</li>
                    ))}
                    {one.then.length > 0 && <li>{t("rules.then", { models: one.then.join(", ") })}</li>}
                  </Box>
                </Fold>
              </td>
              <td>{one.dollars === null ? "—" : `$${one.dollars.toFixed(4)}`}</td>
            </tr>
          ))}
        </tbody>
      </Box>
    </Box>
  );
}

const frame = {
  overflow: "auto",
  maxHeight: 420,
  border: 1,
  borderColor: "divider",
  borderRadius: radius.medium,
} as const;

const table = {
  width: "100%",
  minWidth: 480,
  borderCollapse: "collapse",
  fontSize: "0.875rem",
  "& th": { textAlign: "start", fontWeight: 600, fontSize: "0.8125rem", color: "text.secondary" },
  "& th, & td": { px: 1.5, py: 1, verticalAlign: "top" },
  "& td:first-of-type": { width: "45%", overflowWrap: "anywhere" },
  "& tbody tr": { borderTop: 1, borderColor: "divider" },
} as const;
