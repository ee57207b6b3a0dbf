import Box from "@mui/material/Box";
import { useEffect, useState } from "react";
import { t } from "../i18n/t";
import { OfflineIcon } from "./icons";
import { useSocketState } from "./useSocketState";

/** A reload or a short blip is nobody's concern. */
const SILENT_MS = 2500;

/** Says that we are cut off, and that nothing is lost by it. */
export function ConnectionLine() {
  const state = useSocketState();
  const isCutOff = state === "waiting" || state === "connecting" || state === "refused";
  const isWorthSaying = useIsLasting(isCutOff);
  if (!isWorthSaying) return null;
  return (
    <Box
      role="status"
      sx={{
        display: "flex",
        alignItems: "center",
        justifyContent: "center",
        gap: 1,
        px: 2,
        py: 0.75,
        bgcolor: "background.bubble",
        color: "text.primary",
        fontSize: "0.875rem",
      }}
    >
      <OfflineIcon />
      {t(state === "refused" ? "connection.refused" : "connection.lost")}
    </Box>
  );
}

function useIsLasting(is: boolean): boolean {
  const [isLasting, setLasting] = useState(false);
  useEffect(() => {
    if (!is) {
      setLasting(false);
      return;
    }
    const timer = setTimeout(() => setLasting(true), SILENT_MS);
    return () => clearTimeout(timer);
  }, [is]);
  return isLasting;
}
