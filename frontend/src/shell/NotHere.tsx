import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { t } from "../i18n/t";
import { go } from "../routing/router";

export function NotHere() {
  return (
    <Box
      component="main"
      sx={{ flex: 1, display: "grid", placeContent: "center", justifyItems: "center", gap: 2, p: 3 }}
    >
      <Typography variant="h1">{t("notHere.title")}</Typography>
      <Button variant="contained" onClick={() => go({ room: "new" })}>
        {t("action.newChat")}
      </Button>
    </Box>
  );
}
