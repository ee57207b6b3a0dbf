import IconButton from "@mui/material/IconButton";
import Tooltip from "@mui/material/Tooltip";
import { t } from "../i18n/t";
import { CopyIcon } from "../shell/icons";
import { useParley } from "../shell/parley";

export function CopyAnswer({ text }: { text: string }) {
  const parley = useParley();
  if (!text) return null;
  const copy = () => {
    parley.copy(text).catch((problem: unknown) => parley.complain(problem));
  };
  return (
    <Tooltip title={t("action.copy")}>
      <IconButton size="small" aria-label={t("action.copy")} onClick={copy}>
        <CopyIcon />
      </IconButton>
    </Tooltip>
  );
}
