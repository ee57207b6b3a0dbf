import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ConversationSummary } from "../api/types";
import { t } from "../i18n/t";
import { ConfirmDialog } from "../shell/ConfirmDialog";
import { useParley } from "../shell/parley";
import { showClearing } from "./cache";
import { clearConversation } from "./queries";

type Props = { conversation: ConversationSummary; onClose: () => void };

/** All that was said goes; the conversation stays, with its name and its place. */
export default function ClearDialog({ conversation, onClose }: Props) {
  const queries = useQueryClient();
  const parley = useParley();
  const clearing = useMutation({
    mutationFn: () => clearConversation(conversation.id),
    onSuccess: () => {
      showClearing(queries, conversation.id);
      void queries.invalidateQueries({ queryKey: ["search"] });
      parley.announced.set(t("announce.cleared"));
      onClose();
    },
  });
  return (
    <ConfirmDialog
      title={t("clear.title", { title: conversation.title || t("conversation.untitled") })}
      text={t("clear.text")}
      confirm={t("action.clear")}
      problem={clearing.error}
      isBusy={clearing.isPending}
      onConfirm={() => clearing.mutate()}
      onClose={onClose}
    />
  );
}
