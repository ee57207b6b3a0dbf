import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Switch from "@mui/material/Switch";
import { useState } from "react";
import { switchModel } from "../actions/model_actions";
import { useAction } from "../actions/useAction";
import type { Model } from "../api/types";
import { t } from "../i18n/t";

/** Some vendors offer hundreds. */
const SHOWN_AT_FIRST = 8;

export function ModelRows({ models }: { models: readonly Model[] }) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? models : models.slice(0, SHOWN_AT_FIRST);
  if (!models.length) return null;
  return (
    <Box
      component="ul"
      aria-label={t("models.list")}
      sx={{ m: 0, p: 0, listStyle: "none", borderTop: 1, borderColor: "divider" }}
    >
      {shown.map((model) => (
        <ModelRow key={model.id} model={model} />
      ))}
      {shown.length < models.length && (
        <Box component="li" sx={{ px: 1, py: 0.5 }}>
          <Button size="small" onClick={() => setWhole(true)}>
            {t("models.showAll", { count: models.length })}
          </Button>
        </Box>
      )}
    </Box>
  );
}

function ModelRow({ model }: { model: Model }) {
  const name = model.label || model.name;
  const switching = useAction(switchModel, { complains: true });
  return (
    <Box
      component="li"
      sx={{
        display: "flex",
        alignItems: "center",
        gap: 1,
        pl: 2,
        pr: 1,
        py: 0.25,
        bgcolor: "background.sidebar",
      }}
    >
      <Box sx={{ flex: 1, minWidth: 0, fontSize: "0.875rem", overflowWrap: "anywhere" }}>
        <bdi>{name}</bdi>
        <Box component="bdi" sx={{ ml: 1, color: "text.secondary", fontSize: "0.8125rem" }}>
          {abilities(model)}
        </Box>
      </Box>
      <Switch
        size="small"
        checked={model.enabled}
        disabled={switching.isPending}
        onChange={(event) => switching.mutate({ model, enabled: event.target.checked })}
        slotProps={{ input: { "aria-label": t("models.enable", { name }) } }}
      />
    </Box>
  );
}

function abilities(model: Model): string {
  if (model.is_guide) return "";
  const size = t("models.window", { count: Math.round(model.context_window / 1024) });
  return [
    size,
    model.vision && t("models.vision"),
    model.tools && t("models.tools"),
    model.embeds && t("models.embeds"),
  ]
    .filter(Boolean)
    .join(" · ");
}
