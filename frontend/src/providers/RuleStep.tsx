import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import Tooltip from "@mui/material/Tooltip";
import Typography from "@mui/material/Typography";
import { t } from "../i18n/t";
import { AddIcon, CloseIcon, DeleteIcon, DownIcon } from "../shell/icons";
import { radius } from "../theme";
import { ModelChooser } from "./ModelChooser";
import { type By, KINDS, type Kind, moved, type Step, type When } from "./rules";

const WAYS = {
  order: "rules.byOrder",
  weight: "rules.byWeight",
  cost: "rules.byCost",
  speed: "rules.bySpeed",
  rating: "rules.byRating",
} as const;

const KIND_NAMES = {
  code: "rules.code",
  maths: "rules.maths",
  translation: "rules.translation",
  summary: "rules.summary",
  writing: "rules.writing",
  other: "rules.other",
} as const;

type Props = {
  step: Step;
  place: number;
  count: number;
  onChange: (step: Step) => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
};

/** For which messages it is, and which models it asks. */
export function RuleStep({ step, place, count, onChange, onMove, onRemove }: Props) {
  const name = t("rules.step", { number: place + 1 });
  return (
    <Box
      component="li"
      aria-label={name}
      sx={{ display: "grid", gap: 2, p: 2, border: 1, borderColor: "divider", borderRadius: radius.medium }}
    >
      <Box sx={{ display: "flex", alignItems: "center", gap: 0.5 }}>
        <Typography variant="h3" sx={{ flex: 1 }}>
          {name}
        </Typography>
        <Mover {...{ name, place, count, onMove }} />
        <Tooltip title={t("action.delete")}>
          <span>
            <IconButton
              size="small"
              disabled={count === 1}
              aria-label={t("bots.delete", { name })}
              onClick={onRemove}
            >
              <DeleteIcon />
            </IconButton>
          </span>
        </Tooltip>
      </Box>
      <Conditions when={step.when} onChange={(when) => onChange({ ...step, when })} />
      <TextField
        select
        label={t("rules.by")}
        value={step.by}
        onChange={(event) => onChange({ ...step, by: event.target.value as By })}
      >
        {Object.entries(WAYS).map(([by, label]) => (
          <MenuItem key={by} value={by}>
            {t(label)}
          </MenuItem>
        ))}
      </TextField>
      <Models step={step} onChange={onChange} />
    </Box>
  );
}

type MoverProps = { name: string; place: number; count: number; onMove: (by: -1 | 1) => void };

function Mover({ name, place, count, onMove }: MoverProps) {
  return (
    <>
      <IconButton
        size="small"
        disabled={place === 0}
        aria-label={t("rules.up", { name })}
        onClick={() => onMove(-1)}
      >
        <DownIcon sx={{ transform: "rotate(180deg)" }} />
      </IconButton>
      <IconButton
        size="small"
        disabled={place === count - 1}
        aria-label={t("rules.down", { name })}
        onClick={() => onMove(1)}
      >
        <DownIcon />
      </IconButton>
    </>
  );
}

function Conditions({ when, onChange }: { when: When; onChange: (when: When) => void }) {
  const length = (name: "longer_than" | "shorter_than") => ({
    type: "number" as const,
    value: when[name] ?? "",
    slotProps: { htmlInput: { min: name === "longer_than" ? 0 : 1 } },
    onChange: (event: { target: { value: string } }) =>
      onChange({ ...when, [name]: event.target.value === "" ? null : Number(event.target.value) }),
  });
  return (
    <Box sx={{ display: "grid", gap: 2, gridTemplateColumns: { xs: "1fr", sm: "1fr 1fr" } }}>
      <TextField
        select
        label={t("rules.kinds")}
        value={when.kinds}
        onChange={(event) => onChange({ ...when, kinds: event.target.value as unknown as Kind[] })}
        slotProps={{
          inputLabel: { shrink: true },
          select: {
            multiple: true,
            displayEmpty: true,
            renderValue: (chosen) =>
              (chosen as Kind[]).map((kind) => t(KIND_NAMES[kind])).join(", ") || t("rules.any"),
          },
        }}
      >
        {KINDS.map((kind) => (
          <MenuItem key={kind} value={kind}>
            {t(KIND_NAMES[kind])}
          </MenuItem>
        ))}
      </TextField>
      <TextField
        label={t("rules.languages")}
        placeholder="de, en"
        value={when.languages.join(", ")}
        onChange={(event) => onChange({ ...when, languages: codesOf(event.target.value) })}
      />
      <YesNo
        label={t("rules.images")}
        value={when.images}
        onChange={(images) => onChange({ ...when, images })}
      />
      <YesNo label={t("rules.tools")} value={when.tools} onChange={(tools) => onChange({ ...when, tools })} />
      <TextField label={t("rules.longer")} {...length("longer_than")} />
      <TextField label={t("rules.shorter")} {...length("shorter_than")} />
    </Box>
  );
}

/** What is typed stays as it is, so that a comma can be typed: only the last code may be empty. */
function codesOf(text: string): string[] {
  const codes = text.toLowerCase().split(/[\s,]+/);
  return codes.filter((code, place) => code !== "" || (place === codes.length - 1 && place > 0));
}

type YesNoProps = { label: string; value: boolean | null; onChange: (value: boolean | null) => void };

function YesNo({ label, value, onChange }: YesNoProps) {
  return (
    <TextField
      select
      label={label}
      value={value === null ? "" : String(value)}
      onChange={(event) => onChange(event.target.value === "" ? null : event.target.value === "true")}
      slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
    >
      <MenuItem value="">{t("rules.any")}</MenuItem>
      <MenuItem value="true">{t("shape.yes")}</MenuItem>
      <MenuItem value="false">{t("shape.no")}</MenuItem>
    </TextField>
  );
}

function Models({ step, onChange }: { step: Step; onChange: (step: Step) => void }) {
  const { models } = step;
  const set = (place: number, changes: Partial<Step["models"][number]>) =>
    onChange({ ...step, models: models.map((one, at) => (at === place ? { ...one, ...changes } : one)) });
  return (
    <Box role="group" aria-label={t("rules.models")} sx={{ display: "grid", gap: 1.5 }}>
      {models.map((choice, place) => {
        const label = t("rules.model", { number: place + 1 });
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a choice holds nothing of its own but what stands in it
          <Box key={place} sx={{ display: "flex", gap: 0.5, alignItems: "flex-start" }}>
            <ModelChooser
              label={label}
              value={choice.model}
              hasRules={false}
              onChange={(model) => set(place, { model })}
            />
            {step.by === "weight" && (
              <TextField
                label={t("rules.weight")}
                type="number"
                value={choice.weight}
                onChange={(event) => set(place, { weight: Number(event.target.value) })}
                slotProps={{ htmlInput: { min: 0.01, max: 1000, step: "any" } }}
                sx={{ width: 110, flex: "none" }}
              />
            )}
            <Mover
              name={label}
              place={place}
              count={models.length}
              onMove={(by) => onChange({ ...step, models: moved(models, place, by) })}
            />
            <IconButton
              size="small"
              aria-label={t("bots.delete", { name: label })}
              onClick={() => onChange({ ...step, models: models.filter((_one, at) => at !== place) })}
            >
              <CloseIcon />
            </IconButton>
          </Box>
        );
      })}
      <Box>
        <Button
          size="small"
          startIcon={<AddIcon />}
          onClick={() => onChange({ ...step, models: [...models, { model: "", weight: 1 }] })}
        >
          {t("rules.addModel")}
        </Button>
      </Box>
    </Box>
  );
}
