import Button from "@mui/material/Button";
import Chip from "@mui/material/Chip";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ConversationSummary } from "../api/types";
import { showKept } from "../conversations/cache";
import { conversationKey, keepConversation } from "../conversations/queries";
import { t } from "../i18n/t";
import { TemporaryIcon } from "../shell/icons";
import { useParley } from "../shell/parley";

/** That this conversation will not be kept, and the way to keep it after all. */
export function TemporaryChip({ conversation }: { conversation: ConversationSummary }) {
  const queries = useQueryClient();
  const parley = useParley();
  const keeping = useMutation({
    mutationFn: () => keepConversation(conversation.id, { temporary: false }),
    onSuccess: () => {
      showKept(queries);
      void queries.invalidateQueries({ queryKey: conversationKey(conversation.id) });
    },
    onError: (problem) => parley.complain(problem),
  });
  return (
    <>
      <Chip size="small" variant="outlined" icon={<TemporaryIcon />} label={t("temporary.chip")} />
      <Button size="small" onClick={() => keeping.mutate()} loading={keeping.isPending}>
        {t("temporary.keep")}
      </Button>
    </>
  );
}
