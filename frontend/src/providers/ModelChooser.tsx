import Autocomplete from "@mui/material/Autocomplete";
import Box from "@mui/material/Box";
import TextField from "@mui/material/TextField";
import { useQuery } from "@tanstack/react-query";
import type { Id, Model } from "../api/types";
import { t } from "../i18n/t";
import { factsOf, nameOf, wordsOf } from "./models";
import { modelsQuery } from "./queries";

type Props = {
  label: string;
  value: Id | "";
  onChange: (model: Id | "") => void;
  problem?: string | undefined;
  isDisabled?: boolean;
  /** Rules may be chosen, too: they choose a model in their turn. */
  hasRules?: boolean;
};

/** One of the models that may be used, found by its name, its vendor or what it can. */
export function ModelChooser({ label, value, onChange, problem, isDisabled, hasRules = true }: Props) {
  const all = useQuery(modelsQuery).data ?? [];
  const models = all.filter((model) => hasRules || !model.is_rule);
  const chosen = models.find(({ id }) => id === value) ?? null;
  return (
    <Autocomplete<Model>
      size="small"
      fullWidth
      disabled={isDisabled ?? false}
      options={[...models].sort((one, other) => groupOf(one).localeCompare(groupOf(other)))}
      groupBy={groupOf}
      value={chosen}
      getOptionLabel={nameOf}
      getOptionKey={({ id }) => id}
      isOptionEqualToValue={(one, other) => one.id === other.id}
      filterOptions={(options, { inputValue }) => options.filter((model) => fits(model, inputValue, chosen))}
      onChange={(_event, model) => onChange(model?.id ?? "")}
      noOptionsText={t("bots.noneFits")}
      renderOption={({ key, ...props }, model) => (
        <Box component="li" key={key} {...props}>
          <Box sx={{ minWidth: 0 }}>
            <Box sx={{ overflowWrap: "anywhere" }}>{nameOf(model)}</Box>
            <Box sx={{ fontSize: "0.8125rem", color: "text.secondary" }}>{factsOf(model)}</Box>
          </Box>
        </Box>
      )}
      renderInput={(params) => (
        <TextField
          {...params}
          label={label}
          error={problem !== undefined}
          helperText={problem ?? (chosen ? factsOf(chosen) : "")}
        />
      )}
    />
  );
}

function groupOf(model: Model): string {
  return model.is_rule ? t("rules.title") : model.endpoint.name;
}

/** The name of what is chosen stands in the field before anybody types: that is no search. */
function fits(model: Model, typed: string, chosen: Model | null): boolean {
  if (chosen && typed === nameOf(chosen)) return true;
  const text = wordsOf(model);
  return typed
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
