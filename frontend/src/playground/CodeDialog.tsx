import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogContentText from "@mui/material/DialogContentText";
import DialogTitle from "@mui/material/DialogTitle";
import ToggleButton from "@mui/material/ToggleButton";
import ToggleButtonGroup from "@mui/material/ToggleButtonGroup";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Bot, Id, Model } from "../api/types";
import { botsQuery } from "../bots/queries";
import { t } from "../i18n/t";
import { CodeBlock } from "../markdown/CodeBlock";
import { RouteLink } from "../routing/router";
import { askedOf, codeIn, LANGUAGES, type Language } from "./code";
import { samplingFor, setupFor } from "./fields";
import { ModelChoice } from "./ModelList";
import { toolsQuery } from "./queries";
import type { Setup } from "./shapes";

const NAMES: Record<Language, string> = { python: "Python", curl: "curl", javascript: "JavaScript" };
const COLOURS: Record<Language, string> = { python: "python", curl: "bash", javascript: "javascript" };

type Props = { setup: Setup; models: readonly Model[]; onClose: () => void };

/** The same prompt as a program. */
export default function CodeDialog({ setup, models, onClose }: Props) {
  const [language, setLanguage] = useState<Language>("python");
  const [model, setModel] = useState<Id>(setup.models[0] ?? models[0]?.id ?? "");
  const bots = useQuery(botsQuery).data ?? [];
  const tools = useQuery(toolsQuery).data ?? [];
  const name = nameAtV1(models.find(({ id }) => id === model)?.bot ?? null, bots);
  const asked = askedOf(setupFor(setup, model), {
    origin: window.location.origin,
    model: name,
    tools,
    sampling: samplingFor(setup, model),
  });
  return (
    <Dialog open onClose={onClose} maxWidth="md" aria-labelledby="code-title">
      <DialogTitle id="code-title">{t("playground.code")}</DialogTitle>
      <DialogContent>
        <DialogContentText sx={{ mb: 2 }}>
          {t("playground.codeHint")}{" "}
          <RouteLink to={{ room: "settings", page: "keys" }} onClick={onClose} style={{ color: "inherit" }}>
            {t("settings.keys")}
          </RouteLink>
        </DialogContentText>
        <Box sx={{ display: "flex", gap: 2, flexWrap: "wrap", alignItems: "center" }}>
          <ToggleButtonGroup
            exclusive
            size="small"
            value={language}
            aria-label={t("playground.language")}
            onChange={(_event, wanted: Language | null) => wanted && setLanguage(wanted)}
          >
            {LANGUAGES.map((one) => (
              <ToggleButton key={one} value={one} sx={{ px: 2, textTransform: "none" }}>
                {NAMES[one]}
              </ToggleButton>
            ))}
          </ToggleButtonGroup>
          {setup.models.length > 1 && (
            <Box sx={{ flex: "1 1 220px" }}>
              <ModelChoice
                label={t("bots.model")}
                models={models.filter(({ id }) => setup.models.includes(id))}
                value={model}
                onChange={setModel}
              />
            </Box>
          )}
        </Box>
        <CodeBlock key={language} code={codeIn(language, asked)} language={COLOURS[language]} />
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{t("action.close")}</Button>
      </DialogActions>
    </Dialog>
  );
}

/** The bot that stands for the model: by its name where no other has it, else by its id. */
function nameAtV1(id: Id | null, bots: readonly Bot[]): string {
  const bot = bots.find((one) => one.id === id);
  const isAlone = bots.filter((one) => one.name === bot?.name).length === 1;
  return bot && isAlone ? bot.name : (id ?? "");
}
