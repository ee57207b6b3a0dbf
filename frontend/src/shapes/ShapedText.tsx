import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { Id } from "../api/types";
import { t } from "../i18n/t";
import { Prose } from "../markdown/Prose";
import { parsed, partialJson } from "./partial_json";
import { shapeQuery } from "./queries";
import { ShapedValue } from "./ShapedValue";
import { resolved, type Schema } from "./schema";

type Props = { text: string; isWriting: boolean; bot: Id; version: number };

/** An answer in JSON as a form or a table; as it was written, whenever somebody wants to see that. */
export default function ShapedText({ text, isWriting, bot, version }: Props) {
  const [isRaw, setRaw] = useState(false);
  const shape = useQuery(shapeQuery(bot, version)).data;
  const root: Schema = shape?.type === "json" ? shape.json_schema : {};
  const value = useMemo(() => (isWriting ? partialJson(text) : parsed(text)), [text, isWriting]);
  if (value === undefined) return isWriting ? <Calm /> : <Unreadable text={text} />;
  return (
    <Box data-shaped>
      {isRaw ? <Raw text={isWriting ? text : JSON.stringify(value, null, 2)} isWriting={isWriting} /> : null}
      {!isRaw && <ShapedValue value={value} schema={resolved(root, root)} root={root} />}
      <Box sx={{ display: "flex", alignItems: "center", gap: 1, mt: 0.5, minHeight: 32 }}>
        <Button
          size="small"
          color="inherit"
          aria-pressed={isRaw}
          onClick={() => setRaw(!isRaw)}
          sx={{ ml: -0.75, color: "text.secondary", fontWeight: 400 }}
        >
          {t(isRaw ? "shape.asForm" : "shape.asJson")}
        </Button>
        {isWriting && <Calm />}
      </Box>
    </Box>
  );
}

function Calm() {
  return (
    <Typography variant="caption" sx={{ color: "text.secondary" }}>
      {t("shape.writing")}
    </Typography>
  );
}

function Raw({ text, isWriting }: { text: string; isWriting: boolean }) {
  return <Prose text={`\`\`\`json\n${text}\n\`\`\``} isWriting={isWriting} />;
}

function Unreadable({ text }: { text: string }) {
  return (
    <>
      <Typography variant="caption" role="note" sx={{ display: "block", mb: 0.5, color: "text.secondary" }}>
        {t("shape.unreadable")}
      </Typography>
      <Prose text={text} />
    </>
  );
}
