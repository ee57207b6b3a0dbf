import IconButton from "@mui/material/IconButton";
import Tooltip from "@mui/material/Tooltip";
import { t } from "../i18n/t";
import { ToNewestIcon } from "../shell/icons";

/** Back to the end, where the reader has gone away from it. */
export function ToNewest({ onClick }: { onClick: () => void }) {
  return (
    <Tooltip title={t("messages.toNewest")}>
      <IconButton
        aria-label={t("messages.toNewest")}
        onClick={onClick}
        sx={{
          position: "absolute",
          bottom: 8,
          insetInlineStart: "calc(50% - 18px)",
          width: 36,
          height: 36,
          bgcolor: "background.paper",
          border: 1,
          borderColor: "divider",
          boxShadow: 2,
          "&:hover": { bgcolor: "background.hover" },
        }}
      >
        <ToNewestIcon />
      </IconButton>
    </Tooltip>
  );
}
