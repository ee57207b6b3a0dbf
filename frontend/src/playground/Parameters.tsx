import Box from "@mui/material/Box";
import Checkbox from "@mui/material/Checkbox";
import FormControlLabel from "@mui/material/FormControlLabel";
import FormGroup from "@mui/material/FormGroup";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type Key, t } from "../i18n/t";
import { mono, radius } from "../theme";
import { titleOf } from "../tools/names";
import {
  type Change,
  type Fields,
  type TextField as Name,
  type NumberField,
  type OwnFields,
  type ShapeKind,
  setupOf,
} from "./fields";
import { FUNCTION_EXAMPLE, readFunctions } from "./functions";
import { toolsQuery } from "./queries";

type Props = { fields: Fields; change: (change: Change) => void };

const NUMBERS: readonly {
  name: NumberField;
  label: Key;
  step: number;
}[] = [
  { name: "temperature", label: "bots.temperature", step: 0.1 },
  { name: "top_p", label: "playground.topP", step: 0.05 },
  { name: "max_tokens", label: "bots.maxTokens", step: 1 },
  { name: "seed", label: "playground.seed", step: 1 },
];
const EFFORTS = ["none", "low", "medium", "high"] as const;
const SHAPES: readonly ShapeKind[] = ["none", "json", "regex", "choices"];

/** How the models are to write. What is left empty is the vendor's to decide. */
export function Parameters({ fields, change }: Props) {
  const set = (wanted: Partial<Omit<Fields, "messages">>) => change({ type: "set", change: wanted });
  const bound = (name: Name) => ({
    value: fields[name],
    onChange: (event: { target: { value: string } }) => set({ [name]: event.target.value }),
  });
  const isTouched =
    NUMBERS.some(({ name }) => fields[name] !== "") || fields.stop !== "" || fields.reasoning !== "";
  return (
    <>
      <Group title={t("playground.parameters")} isOpen={isTouched}>
        <Box sx={{ display: "grid", gap: 1.5, gridTemplateColumns: "1fr 1fr" }}>
          <Numbers fields={fields} onChange={set} />
          <TextField
            multiline
            maxRows={4}
            label={t("playground.stopSequences")}
            helperText={t("playground.oneALine")}
            {...bound("stop")}
          />
          <Thinking
            value={fields.reasoning}
            unset={t("playground.vendors")}
            onChange={(reasoning) => set({ reasoning })}
          />
        </Box>
      </Group>
      <Group title={t("playground.tools")} isOpen={fields.tools.length > 0 || fields.functions !== ""}>
        <Tools chosen={fields.tools} onChange={(tools) => set({ tools })} />
        <Functions {...bound("functions")} />
      </Group>
      <Group title={t("playground.output")} isOpen={fields.shape !== "none"}>
        <TextField
          select
          label={t("playground.shape")}
          value={fields.shape}
          onChange={(event) => set({ shape: event.target.value as ShapeKind })}
        >
          {SHAPES.map((shape) => (
            <MenuItem key={shape} value={shape}>
              {t(`playground.shape.${shape}`)}
            </MenuItem>
          ))}
        </TextField>
        <ShapeText fields={fields} bound={bound} />
      </Group>
    </>
  );
}

type OwnProps = { label: string; own: OwnFields | null; onChange: (own: OwnFields) => void };

/** What holds for one model only. What is left empty is as for all. */
export function OwnParameters({ label, own, onChange }: OwnProps) {
  if (!own) return null;
  return (
    <Box component="fieldset" aria-label={label} sx={ownBox}>
      <Numbers fields={own} onChange={(change) => onChange({ ...own, ...change })} />
      <Thinking
        value={own.reasoning}
        unset={t("playground.asForAll")}
        onChange={(reasoning) => onChange({ ...own, reasoning })}
      />
    </Box>
  );
}

const ownBox = {
  flexBasis: "100%",
  display: "grid",
  gap: 1.5,
  gridTemplateColumns: "1fr 1fr",
  m: 0,
  mt: 0.5,
  p: 1.5,
  border: 1,
  borderColor: "divider",
  borderRadius: radius.medium,
} as const;

type NumbersProps = {
  fields: Record<NumberField, string>;
  onChange: (change: Partial<Record<NumberField, string>>) => void;
};

function Numbers({ fields, onChange }: NumbersProps) {
  return NUMBERS.map(({ name, label, step }) => (
    <TextField
      key={name}
      type="number"
      label={t(label)}
      value={fields[name]}
      onChange={(event) => onChange({ [name]: event.target.value })}
      slotProps={{ htmlInput: { min: 0, step } }}
    />
  ));
}

type ThinkingProps = {
  value: Fields["reasoning"];
  unset: string;
  onChange: (effort: Fields["reasoning"]) => void;
};

function Thinking({ value, unset, onChange }: ThinkingProps) {
  return (
    <TextField
      select
      label={t("playground.reasoning")}
      value={value}
      onChange={(event) => onChange(event.target.value as Fields["reasoning"])}
    >
      <MenuItem value="">{unset}</MenuItem>
      {EFFORTS.map((effort) => (
        <MenuItem key={effort} value={effort}>
          {t(`playground.effort.${effort}`)}
        </MenuItem>
      ))}
    </TextField>
  );
}

/** One's own: typed or pasted. The model calls them, and a person says what they gave. */
function Functions({ value, onChange }: Bound) {
  const read = readFunctions(value);
  const isWrong = "problem" in read;
  return (
    <TextField
      multiline
      fullWidth
      minRows={2}
      maxRows={16}
      label={t("playground.functions")}
      value={value}
      onChange={onChange}
      placeholder={FUNCTION_EXAMPLE}
      error={isWrong}
      helperText={
        isWrong
          ? t(`playground.functions.${read.problem}`, { number: read.number, detail: read.detail })
          : t("playground.functionsHint")
      }
      slotProps={{ htmlInput: { dir: "ltr", spellCheck: false, style: { fontFamily: mono, fontSize: 13 } } }}
      sx={{ mt: 1 }}
    />
  );
}

type Bound = { value: string; onChange: (event: { target: { value: string } }) => void };

function ShapeText({ fields, bound }: { fields: Fields; bound: (name: Name) => Bound }) {
  const { shape } = fields;
  if (shape === "none") return null;
  const isBroken = shape === "json" && setupOf(fields) === null;
  return (
    <TextField
      multiline
      minRows={shape === "regex" ? 1 : 4}
      maxRows={16}
      label={t(`playground.shape.${shape}`)}
      error={isBroken}
      helperText={isBroken ? t("playground.lack.schema") : shape === "choices" && t("playground.oneALine")}
      {...bound(shape)}
      slotProps={{ htmlInput: { dir: "ltr", spellCheck: false, style: { fontFamily: mono, fontSize: 13 } } }}
      sx={{ mt: 1.5 }}
    />
  );
}

function Tools({ chosen, onChange }: { chosen: readonly string[]; onChange: (tools: string[]) => void }) {
  const tools = useQuery(toolsQuery).data ?? [];
  if (tools.length === 0) return null;
  const toggle = (name: string) =>
    onChange(chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name]);
  return (
    <FormGroup>
      {tools.map((tool) => (
        <FormControlLabel
          key={tool.name}
          label={titleOf(tool)}
          control={
            <Checkbox size="small" checked={chosen.includes(tool.name)} onChange={() => toggle(tool.name)} />
          }
        />
      ))}
    </FormGroup>
  );
}

/** Folded away until it is wanted. */
export function Group({ title, isOpen, children }: { title: string; isOpen: boolean; children: ReactNode }) {
  return (
    <Box component="details" open={isOpen || undefined} sx={group}>
      <summary>{title}</summary>
      <Box sx={{ px: 1.5, pb: 1.5, pt: 0.5 }}>{children}</Box>
    </Box>
  );
}

const group = {
  border: 1,
  borderColor: "divider",
  borderRadius: radius.medium,
  "& > summary": {
    px: 1.5,
    py: 1,
    fontSize: "0.875rem",
    fontWeight: 550,
    cursor: "pointer",
    borderRadius: radius.medium,
  },
} as const;
