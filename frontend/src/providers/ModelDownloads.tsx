import Box from "@mui/material/Box";
import LinearProgress from "@mui/material/LinearProgress";
import Typography from "@mui/material/Typography";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { cancelDownload, pauseDownload, resumeDownload } from "../actions/model_actions";
import { useAction } from "../actions/useAction";
import type { ModelDownload } from "../api/types";
import { bytesText, percentText } from "../i18n/format";
import { t } from "../i18n/t";
import { HintButton } from "../shell/HintButton";
import { RetryIcon } from "../shell/icons";
import { RemoveButton } from "../shell/RemoveButton";
import { localModelsChanged } from "./changes";
import { doneNames, isUnderWay, shareOf } from "./downloads";
import { modelDownloadsQuery } from "./queries";

/** Models on their way from the hub. They come whether anybody looks or not; one that is here leaves this list. */
export function ModelDownloads() {
  const found = useQuery(modelDownloadsQuery).data ?? [];
  const queries = useQueryClient();
  const done = doneNames(found);
  const [known, setKnown] = useState(done);
  useEffect(() => {
    if (done === known) return;
    setKnown(done);
    void localModelsChanged(queries);
  }, [done, known, queries]);
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
  const { name, state } = download;
  const isMoving = isUnderWay(download);
  const action = isMoving ? pauseDownload : resumeDownload;
  const turning = useAction(action, { complains: true });
  const turn = t(action.name, { name });
  const Icon = state === "failed" ? RetryIcon : action.icon;
  return (
    <>
      <HintButton hint={turn} label={turn} icon={<Icon />} onClick={() => turning.mutate(download)} />
      <RemoveButton
        label={t("local.cancel", { name })}
        title={t("local.cancelTitle")}
        text={t("local.cancelText", { name })}
        action={cancelDownload}
        target={download}
      />
    </>
  );
}
