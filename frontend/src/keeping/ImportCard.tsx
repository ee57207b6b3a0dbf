import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import IconButton from "@mui/material/IconButton";
import { removeImport } from "../actions/keeping_actions";
import { useAction } from "../actions/useAction";
import { bytesText, timeText } from "../i18n/format";
import { t } from "../i18n/t";
import { DeleteIcon } from "../shell/icons";
import { radius } from "../theme";
import { ImportChoice } from "./ImportChoice";
import { ImportReport } from "./ImportReport";
import { Progress } from "./Progress";
import type { Import } from "./queries";

const SOURCES = { "": "", parley: "Parley", chatgpt: "ChatGPT", open_webui: "Open WebUI" } as const;

/** One file that was brought, wherever it stands on its way. */
export function ImportCard({ item }: { item: Import }) {
  const deleting = useAction(removeImport, { complains: true });
  const about = [SOURCES[item.source], bytesText(item.size_bytes), timeText(item.created_at)].filter(Boolean);
  return (
    <Box
      component="li"
      aria-label={item.name}
      sx={{ mt: 2, border: 1, borderColor: "divider", borderRadius: radius.medium, overflow: "hidden" }}
    >
      <Box sx={{ display: "flex", alignItems: "flex-start", gap: 1, px: 2, pt: 1.5, pb: 1 }}>
        <Box sx={{ flex: 1, minWidth: 0 }}>
          <Box sx={{ fontWeight: 600, overflowWrap: "anywhere" }} dir="auto">
            {item.name}
          </Box>
          <Box sx={{ fontSize: "0.8125rem", color: "text.secondary" }}>{about.join(" · ")}</Box>
        </Box>
        <IconButton
          size="small"
          aria-label={t("data.remove", { name: item.name })}
          disabled={deleting.isPending}
          onClick={() => deleting.mutate(item)}
        >
          <DeleteIcon />
        </IconButton>
      </Box>
      <Body item={item} />
    </Box>
  );
}

function Body({ item }: { item: Import }) {
  const { status, is_chosen, done, total, error, name } = item;
  if (status === "failed") {
    return (
      <Alert severity="error" sx={{ mx: 2, mb: 2 }}>
        {error}
      </Alert>
    );
  }
  if (status === "found") return <ImportChoice item={item} />;
  if (status === "ready") return <ImportReport item={item} />;
  const text = is_chosen ? t("import.storing", { done, total }) : t("import.reading", { count: done });
  return (
    <Box sx={{ px: 2, pb: 2, fontSize: "0.875rem", color: "text.secondary" }}>
      <Progress
        label={name}
        text={status === "waiting" ? t("data.waiting") : text}
        share={is_chosen && total ? done / total : null}
      />
    </Box>
  );
}
