import Box from "@mui/material/Box";
import LinearProgress from "@mui/material/LinearProgress";
import Typography from "@mui/material/Typography";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { ModelDownload } from "../api/types";
import { bytesText, percentText } from "../i18n/format";
import { t } from "../i18n/t";
import { HintButton } from "../shell/HintButton";
import { PauseIcon, PlayIcon, RetryIcon } from "../shell/icons";
import { useParley } from "../shell/parley";
import { RemoveButton } from "../shell/RemoveButton";
import { doneNames, isUnderWay, shareOf } from "./downloads";
import { askForModel, cancelModelDownload, modelDownloadsQuery, pauseModelDownload } from "./queries";
import { useLocalModelsChanged } from "./useModelsChanged";

/** Models on their way from the hub. They come whether anybody looks or not; one that is here leaves this list. */
export function ModelDownloads() {
  const found = useQuery(modelDownloadsQuery).data ?? [];
  const changed = useLocalModelsChanged();
  const done = doneNames(found);
  const [known, setKnown] = useState(done);
  useEffect(() => {
    if (done === known) return;
    setKnown(done);
    void changed();
  }, [done, known, changed]);
  const coming = found.filter(({ state }) => state !== "done");
  if (!coming.length) return null;
  return (
    <Box component="ul" aria-label={t("local.downloads")} sx={{ m: 0, p: 0, listStyle: "none" }}>
      {coming.map((download) => (
        <Coming key={download.name} download={download} />
      ))}
    </Box>
  );
}

function Coming({ download }: { download: ModelDownload }) {
  const { name, state, problem } = download;
  const isMoving = isUnderWay(download);
  return (
    <Box component="li" sx={{ paddingInline: "16px 8px", py: 1.25, borderBottom: 1, borderColor: "divider" }}>
      <Box sx={{ display: "flex", alignItems: "center", gap: 0.5 }}>
        <Box sx={{ flex: 1, minWidth: 0 }}>
          <Typography sx={{ fontWeight: 550, overflowWrap: "anywhere" }}>{name}</Typography>
          <Typography
            variant="caption"
            component="p"
            sx={{ m: 0, color: "text.secondary", fontVariantNumeric: "tabular-nums" }}
          >
            {amountOf(download)}
          </Typography>
        </Box>
        <Controls download={download} />
      </Box>
      <LinearProgress
        aria-label={t("local.downloadOf", { name })}
        color={state === "failed" ? "error" : "primary"}
        variant={isMoving && !download.total_bytes ? "indeterminate" : "determinate"}
        value={Math.round(shareOf(download) * 100)}
        sx={{
          mt: 1,
          marginInlineEnd: 1,
          height: 5,
          borderRadius: 2,
          opacity: state === "paused" ? 0.5 : 1,
        }}
      />
      {problem && (
        <Typography
          variant="body2"
          role={state === "failed" ? "alert" : "status"}
          sx={{
            mt: 1,
            marginInlineEnd: 1,
            overflowWrap: "anywhere",
            color: state === "failed" ? "error.main" : "warning.main",
          }}
        >
          {problem}
        </Typography>
      )}
    </Box>
  );
}

function amountOf(download: ModelDownload): string {
  const { state, done_bytes, total_bytes } = download;
  const amount = total_bytes
    ? t("local.amount", { done: bytesText(done_bytes), total: bytesText(total_bytes) })
    : "";
  const how = {
    waiting: t("local.waiting"),
    running: total_bytes ? percentText(Math.floor(shareOf(download) * 100) / 100) : t("local.asking"),
    paused: t("local.paused"),
    failed: t("local.failed"),
    done: "",
  }[state];
  return [how, amount].filter(Boolean).join(" · ");
}

function Controls({ download }: { download: ModelDownload }) {
  const { name, revision, state } = download;
  const parley = useParley();
  const queries = useQueryClient();
  const changed = () => queries.invalidateQueries({ queryKey: modelDownloadsQuery.queryKey });
  const isMoving = isUnderWay(download);
  const turning = useMutation<unknown>({
    mutationFn: () => (isMoving ? pauseModelDownload(name) : askForModel({ name, revision })),
    onSettled: changed,
    onError: (problem: Error) => parley.complain(problem),
  });
  const turn = isMoving ? t("local.pause", { name }) : t("local.resume", { name });
  const still = state === "failed" ? <RetryIcon /> : <PlayIcon />;
  return (
    <>
      <HintButton
        hint={turn}
        label={turn}
        icon={isMoving ? <PauseIcon /> : still}
        onClick={() => turning.mutate()}
      />
      <RemoveButton
        label={t("local.cancel", { name })}
        title={t("local.cancelTitle")}
        text={t("local.cancelText", { name })}
        confirm={t("local.cancelConfirm")}
        remove={() => cancelModelDownload(name)}
        onRemoved={changed}
      />
    </>
  );
}
