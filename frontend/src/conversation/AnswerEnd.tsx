import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import { ActionButton } from "../actions/ActionButton";
import { carryOn, type MessageTarget, retry } from "../actions/message_actions";
import type { GenerationError } from "../api/types";
import { t } from "../i18n/t";
import type { AnswerStatus } from "./answer";

type Props = { target: MessageTarget; status: AnswerStatus; error: GenerationError | null };

/** How an answer that is not complete ended, and what can be done about it. */
export function AnswerEnd({ target, status, error }: Props) {
  if (status === "completed") return null;
  const isFailure = status === "failed";
  return (
    <Alert
      severity={isFailure ? "error" : "info"}
      variant="outlined"
      icon={false}
      role={isFailure ? "alert" : "note"}
      sx={{ mt: 1.5, py: 0.5, alignItems: "center", color: "text.primary" }}
    >
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: 1.5, rowGap: 1 }}>
        <Box sx={{ flex: "1 1 240px" }}>{sentence(status, error)}</Box>
        <Box sx={{ display: "flex", gap: 1 }}>
          <ActionButton action={carryOn} target={target} isWordy variant="outlined" />
          <ActionButton
            action={retry}
            target={target}
            isWordy
            variant={isFailure ? "contained" : "outlined"}
          />
        </Box>
      </Box>
    </Alert>
  );
}

function sentence(status: AnswerStatus, error: GenerationError | null): string {
  if (status === "failed") return error?.message || t("answer.failed");
  return t(status === "stopped" ? "answer.stopped" : "answer.interrupted");
}
