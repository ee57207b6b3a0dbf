import Button from "@mui/material/Button";
import Chip from "@mui/material/Chip";
import { keepAfterAll } from "../actions/conversation_actions";
import { useAction } from "../actions/useAction";
import type { ConversationSummary } from "../api/types";
import { t } from "../i18n/t";
import { TemporaryIcon } from "../shell/icons";

/** That this conversation will not be kept, and the way to keep it after all. */
export function TemporaryChip({ conversation }: { conversation: ConversationSummary }) {
  const keeping = useAction(keepAfterAll, { complains: true });
  return (
    <>
      <Chip size="small" variant="outlined" icon={<TemporaryIcon />} label={t("temporary.chip")} />
      <Button size="small" onClick={() => keeping.mutate(conversation)} loading={keeping.isPending}>
        {t(keepAfterAll.name)}
      </Button>
    </>
  );
}
