import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type DragEvent, useEffect, useRef, useState } from "react";
import { bring } from "../actions/keeping_actions";
import { useAction } from "../actions/useAction";
import { showKept } from "../conversations/cache";
import { t } from "../i18n/t";
import { Loaded } from "../settings/Loaded";
import { Section } from "../settings/Section";
import { radius, visuallyHidden } from "../theme";
import { ImportCard } from "./ImportCard";
import { Progress } from "./Progress";
import { importsQuery } from "./queries";

/** Conversations from elsewhere: a file, a look into it, a choice, a report. */
export function ImportSection() {
  const queries = useQueryClient();
  const imports = useQuery(importsQuery);
  const isStoring = imports.data?.some((item) => item.is_chosen && item.status === "working") ?? false;
  const wasStoring = useRef(false);
  useEffect(() => {
    if (wasStoring.current && !isStoring) showKept(queries);
    wasStoring.current = isStoring;
  }, [isStoring, queries]);
  return (
    <Section title={t("import.title")} hint={t("import.hint")}>
      <FileDoor />
      <Loaded query={imports}>
        {(items) => (
          <Box component="ul" aria-label={t("import.title")} sx={{ m: 0, p: 0, listStyle: "none" }}>
            {items.map((item) => (
              <ImportCard key={item.id} item={item} />
            ))}
          </Box>
        )}
      </Loaded>
    </Section>
  );
}

function FileDoor() {
  const input = useRef<HTMLInputElement>(null);
  const [share, setShare] = useState(0);
  const [isOver, setOver] = useState(false);
  const bringing = useAction(bring);
  const take = (file: File | undefined) => {
    if (file && !bringing.isPending) bringing.mutate({ file, tell: setShare });
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  return (
    <Box
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      sx={{
        p: 3,
        textAlign: "center",
        border: "1.5px dashed",
        borderColor: isOver ? "primary.main" : "divider",
        bgcolor: isOver ? "background.selected" : "background.sidebar",
        borderRadius: radius.medium,
      }}
    >
      <input
        ref={input}
        type="file"
        accept=".json,.zip,application/json,application/zip"
        aria-label={t("import.file")}
        tabIndex={-1}
        style={{ ...visuallyHidden }}
        onChange={(event) => {
          take(event.target.files?.[0]);
          event.target.value = "";
        }}
      />
      {bringing.isPending ? (
        <Box sx={{ display: "grid", justifyContent: "center" }}>
          <Progress
            label={t("import.file")}
            text={t("import.uploading", { percent: Math.round(share * 100) })}
            share={share}
          />
        </Box>
      ) : (
        <>
          <Button variant="outlined" onClick={() => input.current?.click()}>
            {t(bring.name)}
          </Button>
          <Box sx={{ mt: 1, fontSize: "0.875rem", color: "text.secondary" }}>{t("import.drop")}</Box>
        </>
      )}
      {bringing.error && (
        <Alert severity="error" sx={{ mt: 2, textAlign: "start" }}>
          {bringing.error.message}
        </Alert>
      )}
    </Box>
  );
}
