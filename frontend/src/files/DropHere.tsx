import Box from "@mui/material/Box";
import { t } from "../i18n/t";
import { radius } from "../theme";

/** While files hang over the window. Takes no pointer, or the browser would say that they have left. */
export function DropHere() {
  return (
    <Box
      role="status"
      sx={{
        position: "fixed",
        inset: 12,
        zIndex: "modal",
        display: "grid",
        placeItems: "center",
        pointerEvents: "none",
        border: 2,
        borderStyle: "dashed",
        borderColor: "primary.main",
        borderRadius: radius.large,
        bgcolor: "background.paper",
        opacity: 0.94,
        fontSize: "1.125rem",
        fontWeight: 600,
      }}
    >
      {t("files.drop")}
    </Box>
  );
}
