import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Chip from "@mui/material/Chip";
import Typography from "@mui/material/Typography";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { performAction } from "../actions/action";
import { talkTo } from "../actions/bot_actions";
import { withdrawModel } from "../actions/model_actions";
import type { LocalModel } from "../api/types";
import { botsQuery } from "../bots/queries";
import { bytesText } from "../i18n/format";
import { t } from "../i18n/t";
import { Loaded } from "../settings/Loaded";
import { Section } from "../settings/Section";
import { HintButton } from "../shell/HintButton";
import { ChatIcon } from "../shell/icons";
import { useParley } from "../shell/parley";
import { RemoveButton } from "../shell/RemoveButton";
import { radius } from "../theme";
import { AddLocalModel } from "./AddLocalModel";
import { modelsChanged } from "./changes";
import { ModelDownloads } from "./ModelDownloads";
import { localModelsQuery } from "./queries";

/** What the model service beside Parley serves; for owners and admins. */
export function LocalModels() {
  const found = useQuery(localModelsQuery);
  const queries = useQueryClient();
  const hasWaited = useRef(false);
  const problem = found.data?.problem;
  useEffect(() => {
    if (problem) hasWaited.current = true;
    if (problem !== null || !hasWaited.current) return;
    hasWaited.current = false;
    void modelsChanged(queries); // it has started meanwhile, and its endpoint fails no longer
  }, [problem, queries]);
  return (
    <Section title={t("local.title")} hint={t("local.hint")}>
      <Loaded query={found}>
        {({ items, problem }) =>
          problem ? (
            <Alert severity="info">{problem}</Alert>
          ) : (
            <Box sx={{ border: 1, borderColor: "divider", borderRadius: radius.medium, overflow: "hidden" }}>
              <Offered models={items} />
              <ModelDownloads />
              <AddLocalModel />
            </Box>
          )
        }
      </Loaded>
    </Section>
  );
}

function Offered({ models }: { models: readonly LocalModel[] }) {
  if (models.length === 0) {
    return (
      <Typography variant="body2" sx={{ px: 2, py: 2, color: "text.secondary" }}>
        {t("local.none")}
      </Typography>
    );
  }
  return (
    <Box component="ul" aria-label={t("local.title")} sx={{ m: 0, p: 0, listStyle: "none" }}>
      {models.map((model) => (
        <OfferedModel key={model.name} model={model} />
      ))}
    </Box>
  );
}

function OfferedModel({ model }: { model: LocalModel }) {
  return (
    <Box component="li" sx={row}>
      <Box sx={{ flex: 1, minWidth: 0 }}>
        <Box sx={{ display: "flex", alignItems: "center", flexWrap: "wrap", columnGap: 1 }}>
          <Typography sx={{ fontWeight: 550, overflowWrap: "anywhere" }}>{model.name}</Typography>
          {model.in_memory_bytes > 0 && (
            <Chip size="small" color="success" variant="outlined" label={t("local.inMemory")} />
          )}
        </Box>
        <Typography variant="caption" component="p" sx={quiet}>
          {bytesText(model.size_bytes)} · {windowOf(model)}
        </Typography>
        <Typography variant="caption" component="p" dir="ltr" title={model.folder} sx={path}>
          {model.folder}
        </Typography>
      </Box>
      <Talk model={model} />
      <RemoveButton
        label={t("local.withdraw", { name: model.name })}
        title={t("local.withdrawTitle")}
        text={t("local.withdrawText", { name: model.name })}
        action={withdrawModel}
        target={model}
      />
    </Box>
  );
}

/** To the model itself, by the bot that stands for it; one that only embeds has none. */
function Talk({ model }: { model: LocalModel }) {
  const parley = useParley();
  const bots = useQuery(botsQuery).data ?? [];
  const bot = bots.find((one) => one.is_default && one.model?.name === model.name);
  if (!bot || !talkTo.allowed(bot)) return null;
  return (
    <HintButton
      hint={t(talkTo.name)}
      label={t("bots.talkTo", { name: model.name })}
      icon={<ChatIcon />}
      onClick={() => void performAction(talkTo, parley, bot)}
    />
  );
}

function windowOf({ context_window }: LocalModel): string {
  return t("models.window", { count: Math.max(1, Math.round(context_window / 1000)) });
}

const row = {
  display: "flex",
  alignItems: "center",
  gap: 0.5,
  paddingInlineStart: 2,
  paddingInlineEnd: 1,
  py: 1.25,
  borderBottom: 1,
  borderColor: "divider",
} as const;

const quiet = { m: 0, color: "text.secondary" } as const;

/** One line; the whole of it is its title. */
const path = {
  ...quiet,
  overflow: "hidden",
  textOverflow: "ellipsis",
  whiteSpace: "nowrap",
} as const;
