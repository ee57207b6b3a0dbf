import Box from "@mui/material/Box";
import type { ToolCallPart, ToolResultPart } from "../api/types";
import { t } from "../i18n/t";
import { ToolIcon, WarningIcon } from "../shell/icons";
import { mono } from "../theme";
import { useToolTitle } from "../tools/names";
import { Fold } from "./Fold";

type Props = { call: ToolCallPart; result: ToolResultPart | undefined; isWriting: boolean };

export function ToolCard({ call, result, isWriting }: Props) {
  const title = useToolTitle(call.name);
  return (
    <Fold
      summary={
        <>
          {result?.is_error ? <WarningIcon /> : <ToolIcon />}
          <span>{t(state(result, isWriting), { name: title })}</span>
        </>
      }
    >
      {title !== call.name && <Detail title={t("tool.technical")} text={call.name} />}
      <Detail title={t("tool.arguments")} text={call.arguments} />
      {result && <Detail title={t(result.is_error ? "tool.error" : "tool.result")} text={result.text} />}
    </Fold>
  );
}

function state(result: ToolResultPart | undefined, isWriting: boolean) {
  if (!result) return isWriting ? "tool.running" : "tool.unanswered";
  return result.is_error ? "tool.failed" : "tool.done";
}

function Detail({ title, text }: { title: string; text: string }) {
  return (
    <>
      <Box sx={{ color: "text.secondary", mt: 0.5 }}>{title}</Box>
      <Box
        component="pre"
        dir="auto"
        sx={{
          m: 0,
          fontFamily: mono,
          fontSize: "0.8125rem",
          whiteSpace: "pre-wrap",
          overflowWrap: "anywhere",
        }}
      >
        {text}
      </Box>
    </>
  );
}
