import { clearNow } from "../actions/library_actions";
import { useAction } from "../actions/useAction";
import type { ConversationSummary } from "../api/types";
import { t } from "../i18n/t";
import { ConfirmDialog } from "../shell/ConfirmDialog";

type Props = { conversation: ConversationSummary; onClose: () => void };

/** All that was said goes; the conversation stays, with its name and its place. */
export default function ClearDialog({ conversation, onClose }: Props) {
  const clearing = useAction(clearNow, { onDone: onClose });
  return (
    <ConfirmDialog
      title={t("clear.title", { title: conversation.title || t("conversation.untitled") })}
      text={t("clear.text")}
      confirm={t(clearNow.name)}
      problem={clearing.error}
      isBusy={clearing.isPending}
      onConfirm={() => clearing.mutate(conversation)}
      onClose={onClose}
    />
  );
}
