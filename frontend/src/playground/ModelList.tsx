import Autocomplete from "@mui/material/Autocomplete";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import TextField from "@mui/material/TextField";
import Tooltip from "@mui/material/Tooltip";
import type { Id, Model } from "../api/types";
import { t } from "../i18n/t";
import { AddIcon, CloseIcon, SettingsIcon } from "../shell/icons";
import { type Change, emptyOwn, MOST_MODELS, type OwnFields } from "./fields";
import { OwnParameters } from "./Parameters";

type Props = {
  models: readonly Model[];
  chosen: readonly Id[];
  own: readonly (OwnFields | null)[];
  change: (change: Change) => void;
};

/** Who answers, up to four beside each other. */
export function ModelList({ models, chosen, own, change }: Props) {
  const next = models.find(({ id }) => !chosen.includes(id)) ?? models[0];
  return (
    <Box sx={{ display: "grid", gap: 1 }}>
      {chosen.map((id, place) => (
        // The same model may stand here twice; its place is its identity.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <Box key={place} sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 0.5 }}>
          <Box sx={{ flex: 1, minWidth: 0 }}>
            <ModelChoice
              label={t("playground.model", { number: place + 1 })}
              models={models}
              value={id}
              onChange={(model) => change({ type: "setModel", place, model })}
            />
          </Box>
          {chosen.length > 1 && (
            <OwnButton
              number={place + 1}
              isOn={Boolean(own[place])}
              onClick={() => change({ type: "own", place, own: own[place] ? null : emptyOwn })}
            />
          )}
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
          {chosen.length > 1 && (
            <OwnParameters
              label={t("playground.own", { number: place + 1 })}
              own={own[place] ?? null}
              onChange={(mine) => change({ type: "own", place, own: mine })}
            />
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

/** Whether a model has parameters of its own. */
function OwnButton({ number, isOn, onClick }: { number: number; isOn: boolean; onClick: () => void }) {
  const label = t("playground.own", { number });
  return (
    <Tooltip title={label}>
      <IconButton
        size="small"
        aria-label={label}
        aria-pressed={isOn}
        onClick={onClick}
        sx={isOn ? { color: "primary.main", bgcolor: "background.selected" } : {}}
      >
        <SettingsIcon />
      </IconButton>
    </Tooltip>
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
