import Box from "@mui/material/Box";
import CircularProgress from "@mui/material/CircularProgress";
import { t } from "../i18n/t";

export function Waiting() {
  return (
    <Box sx={{ flex: 1, height: "100%", display: "grid", placeItems: "center" }}>
      <CircularProgress aria-label={t("app.loading")} />
    </Box>
  );
}
