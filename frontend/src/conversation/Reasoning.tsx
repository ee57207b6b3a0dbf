import Box from "@mui/material/Box";
import { t } from "../i18n/t";
import { Fold } from "./Fold";

/** What the model thought aloud: there for whoever wants it, out of the way of everybody else. */
export function Reasoning({ text, isThinking }: { text: string; isThinking: boolean }) {
  return (
    <Fold summary={t(isThinking ? "answer.thinking" : "answer.thought")}>
      <Box sx={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere", color: "text.secondary" }}>{text}</Box>
    </Fold>
  );
}
