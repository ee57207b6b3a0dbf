import Autocomplete from "@mui/material/Autocomplete";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import TextField from "@mui/material/TextField";
import Tooltip from "@mui/material/Tooltip";
import type { Id, Model } from "../api/types";
import { t } from "../i18n/t";
import { AddIcon, CloseIcon } from "../shell/icons";
import { type Change, MOST_MODELS } from "./fields";

type Props = { models: readonly Model[]; chosen: readonly Id[]; change: (change: Change) => void };

/** Who answers, up to four beside each other. */
export function ModelList({ models, chosen, change }: Props) {
  const next = models.find(({ id }) => !chosen.includes(id)) ?? models[0];
  return (
    <Box sx={{ display: "grid", gap: 1 }}>
      {chosen.map((id, place) => (
        // The same model may stand here twice; its place is its identity.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <Box key={place} sx={{ display: "flex", alignItems: "center", gap: 0.5 }}>
          <ModelChoice
            label={t("playground.model", { number: place + 1 })}
            models={models}
            value={id}
            onChange={(model) => change({ type: "setModel", place, model })}
          />
          {chosen.length > 1 && (
            <Tooltip title={t("playground.removeModel", { number: place + 1 })}>
              <IconButton
                size="small"
                aria-label={t("playground.removeModel", { number: place + 1 })}
                onClick={() => change({ type: "removeModel", place })}
              >
                <CloseIcon />
              </IconButton>
            </Tooltip>
          )}
        </Box>
      ))}
      {next && chosen.length < MOST_MODELS && (
        <Button
          size="small"
          color="inherit"
          startIcon={<AddIcon />}
          onClick={() => change({ type: "addModel", model: next.id })}
          sx={{ justifySelf: "start" }}
        >
          {t("playground.addModel")}
        </Button>
      )}
    </Box>
  );
}

type ChoiceProps = { label: string; models: readonly Model[]; value: Id; onChange: (model: Id) => void };

/** By a few letters of its name, among as many as there are. */
export function ModelChoice({ label, models, value, onChange }: ChoiceProps) {
  return (
    <Autocomplete
      fullWidth
      size="small"
      clearIcon={null}
      options={models}
      value={models.find(({ id }) => id === value) ?? null}
      getOptionLabel={nameOf}
      getOptionKey={({ id }) => id}
      groupBy={({ endpoint }) => endpoint.name}
      isOptionEqualToValue={(one, other) => one.id === other.id}
      onChange={(_event, model) => model && onChange(model.id)}
      renderInput={(params) => <TextField {...params} label={label} />}
    />
  );
}

export function nameOf({ label, name }: Pick<Model, "label" | "name">): string {
  return label || name;
}
