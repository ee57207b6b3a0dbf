import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import MenuItem from "@mui/material/MenuItem";
import TextField, { type TextFieldProps } from "@mui/material/TextField";
import { Problem } from "../api/problem";
import { Fold } from "../conversation/Fold";
import type { Key } from "../i18n/t";
import { t } from "../i18n/t";
import { ModelChooser } from "../providers/ModelChooser";
import { AudienceField } from "./AudienceField";
import { FaceField } from "./FaceField";
import type { BotFields } from "./fields";
import { type FormProps, Group, saidOf } from "./form";
import { ShapeField } from "./ShapeField";
import { ToolsField } from "./ToolsField";

type TextName = {
  [Name in keyof BotFields]: BotFields[Name] extends string
    ? string extends BotFields[Name]
      ? Name
      : never
    : never;
}[keyof BotFields];

/** What the server calls a field, where the form calls it otherwise. */
const SERVER: Partial<Record<TextName, string>> = {
  temperature: "parameters.temperature",
  top_p: "parameters.top_p",
  max_tokens: "parameters.max_tokens",
  seed: "parameters.seed",
  stop: "parameters.stop",
};

export function BotForm({ fields, change, problem, isDefault }: FormProps & { isDefault: boolean }) {
  const text = (name: TextName, label: Key, hint?: Key) => ({
    label: t(label),
    value: fields[name],
    onChange: (event: { target: { value: string } }) => change({ [name]: event.target.value }),
    error: saidOf(problem, SERVER[name] ?? name) !== undefined,
    helperText: saidOf(problem, SERVER[name] ?? name) ?? (hint && t(hint)),
  });
  const isBeside = problem instanceof Problem && Object.keys(problem.fields).length > 0;
  return (
    <Box sx={{ display: "grid", gap: 4, maxWidth: 680, mx: "auto" }}>
      {problem && !isBeside && <Alert severity="error">{problem.message}</Alert>}
      <Group title="bots.who">
        <FaceField {...{ fields, change, problem }} />
        <TextField required {...text("name", "field.name")} slotProps={most(120)} />
        <TextField
          {...text("description", "bots.description", "bots.descriptionHint")}
          slotProps={most(300)}
        />
      </Group>
      <Group title="bots.character">
        <TextField
          multiline
          minRows={6}
          maxRows={20}
          {...text("system_prompt", "bots.prompt", "bots.promptHint")}
        />
        <TextField
          multiline
          minRows={2}
          maxRows={8}
          {...text("greeting", "bots.greeting", "bots.greetingHint")}
        />
        <TextField
          multiline
          minRows={2}
          maxRows={6}
          {...text("starters", "bots.starters", "bots.startersHint")}
        />
      </Group>
      <Group title="bots.model">
        <ModelChooser
          label={t("bots.modelOrRule")}
          value={fields.model}
          onChange={(model) => change({ model })}
          problem={saidOf(problem, "model")}
          isDisabled={isDefault}
        />
        <Tuning {...{ text, fields, change }} />
      </Group>
      <ToolsField {...{ fields, change, problem }} />
      <ShapeField {...{ fields, change, problem }} />
      {!isDefault && <AudienceField {...{ fields, change, problem }} />}
    </Box>
  );
}

type TuningProps = Pick<FormProps, "fields" | "change"> & {
  text: (name: TextName, label: Key, hint?: Key) => TextFieldProps;
};

const EFFORTS = {
  "": "bots.vendors",
  none: "effort.none",
  low: "effort.low",
  medium: "effort.medium",
  high: "effort.high",
} as const;

function Tuning({ text, fields, change }: TuningProps) {
  const number = (min: number, max: number, step: number) => ({
    type: "number" as const,
    slotProps: { htmlInput: { min, max, step } },
  });
  return (
    <Fold summary={<span>{t("bots.tuning")}</span>}>
      <Box sx={{ fontSize: "0.875rem", color: "text.secondary", mb: 2 }}>{t("bots.leaveEmpty")}</Box>
      <Box sx={{ display: "grid", gap: 2, gridTemplateColumns: { xs: "1fr", sm: "1fr 1fr" } }}>
        <TextField {...text("temperature", "bots.temperature")} {...number(0, 2, 0.1)} />
        <TextField {...text("top_p", "bots.topP")} {...number(0.01, 1, 0.01)} />
        <TextField {...text("max_tokens", "bots.maxTokens")} {...number(1, 1_000_000, 1)} />
        <TextField {...text("seed", "bots.seed")} {...number(0, 2 ** 31 - 1, 1)} />
        <TextField
          select
          label={t("bots.reasoning")}
          value={fields.reasoning}
          onChange={(event) => change({ reasoning: event.target.value as BotFields["reasoning"] })}
          slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
        >
          {Object.entries(EFFORTS).map(([effort, label]) => (
            <MenuItem key={effort} value={effort}>
              {t(label)}
            </MenuItem>
          ))}
        </TextField>
        <TextField multiline maxRows={4} {...text("stop", "bots.stop")} />
      </Box>
    </Fold>
  );
}

const most = (maxLength: number) => ({ htmlInput: { maxLength } });
