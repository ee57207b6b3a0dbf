import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import { ActionButton } from "../actions/ActionButton";
import { carryOn, type MessageTarget, retry } from "../actions/message_actions";
import type { GenerationError } from "../api/types";
import { t } from "../i18n/t";
import type { AnswerStatus } from "./answer";

type Props = { target: MessageTarget; isLast: boolean; status: AnswerStatus; error: GenerationError | null };

/** How an answer that is not complete ended, and, where the conversation has not gone on, what can be done about it. */
export function AnswerEnd({ target, isLast, status, error }: Props) {
  if (status === "completed") return null;
  const isFailure = status === "failed";
  const ways = isLast && !target.isBusy && (
    <Box sx={{ display: "flex", gap: 1, mt: 1 }}>
      <ActionButton action={carryOn} target={target} isWordy variant="outlined" />
      <ActionButton action={retry} target={target} isWordy variant="outlined" />
    </Box>
  );
  if (isFailure) {
    return (
      <Alert severity="error" sx={{ mt: 1.5 }}>
        {error?.message || t("answer.failed")}
        {ways}
      </Alert>
    );
  }
  return (
    <Box role="note" sx={{ mt: 1.5, mb: 1, fontSize: "0.875rem", color: "text.secondary" }}>
      {t(status === "stopped" ? "answer.stopped" : "answer.interrupted")}
      {ways}
    </Box>
  );
}
