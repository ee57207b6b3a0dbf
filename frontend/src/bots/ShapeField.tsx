import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import { useState } from "react";
import { checkExample, type Judged } from "../actions/editor_actions";
import { useAction } from "../actions/useAction";
import { t } from "../i18n/t";
import { parsed } from "../shapes/partial_json";
import { ShapedValue } from "../shapes/ShapedValue";
import { resolved } from "../shapes/schema";
import { mono } from "../theme";
import type { BotFields } from "./fields";
import { type FormProps, Group, saidOf } from "./form";

const KINDS = {
  "": "bots.shapeNone",
  json: "bots.shapeJson",
  regex: "bots.shapeRegex",
  choices: "bots.shapeChoices",
} as const;

const EXAMPLE = JSON.stringify(
  {
    type: "object",
    properties: {
      summary: { type: "string", title: "Summary", description: "In one sentence." },
      tasks: {
        type: "array",
        title: "Tasks",
        items: {
          type: "object",
          properties: { what: { type: "string" }, until: { type: "string", format: "date" } },
          required: ["what"],
        },
      },
    },
    required: ["summary", "tasks"],
    additionalProperties: false,
  },
  null,
  2,
);

/** What every answer must look like, and a try of it on an example. */
export function ShapeField({ fields, change, problem }: FormProps) {
  const said = saidOf(problem, "parameters.shape");
  const own = { fullWidth: true, error: said !== undefined, helperText: said } as const;
  return (
    <Group title="bots.shape" hint="bots.shapeHint">
      <TextField
        select
        label={t("bots.shapeKind")}
        value={fields.shape}
        onChange={(event) => change({ shape: event.target.value as BotFields["shape"] })}
        slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
      >
        {Object.entries(KINDS).map(([kind, label]) => (
          <MenuItem key={kind} value={kind}>
            {t(label)}
          </MenuItem>
        ))}
      </TextField>
      {fields.shape === "json" && (
        <Box>
          <TextField
            {...own}
            label={t("bots.schema")}
            multiline
            minRows={6}
            maxRows={20}
            value={fields.schema}
            onChange={(event) => change({ schema: event.target.value })}
            slotProps={{
              htmlInput: {
                spellCheck: false,
                dir: "ltr",
                style: { fontFamily: mono, fontSize: "0.8125rem" },
              },
            }}
          />
          {fields.schema.trim() === "" && (
            <Button size="small" onClick={() => change({ schema: EXAMPLE })} sx={{ mt: 0.5 }}>
              {t("bots.schemaExample")}
            </Button>
          )}
        </Box>
      )}
      {fields.shape === "regex" && (
        <TextField
          {...own}
          label={t("bots.pattern")}
          value={fields.pattern}
          onChange={(event) => change({ pattern: event.target.value })}
          slotProps={{ htmlInput: { spellCheck: false, dir: "ltr", style: { fontFamily: mono } } }}
        />
      )}
      {fields.shape === "choices" && (
        <TextField
          {...own}
          label={t("bots.choices")}
          helperText={said ?? t("bots.onePerLine")}
          multiline
          minRows={3}
          maxRows={12}
          value={fields.choices}
          onChange={(event) => change({ choices: event.target.value })}
        />
      )}
      {fields.shape && <Trial fields={fields} />}
    </Group>
  );
}

function Trial({ fields }: { fields: BotFields }) {
  const [text, setText] = useState("");
  const judging = useAction(checkExample);
  return (
    <Box sx={{ display: "grid", gap: 1 }}>
      <TextField
        label={t("bots.example")}
        multiline
        minRows={2}
        maxRows={12}
        value={text}
        onChange={(event) => setText(event.target.value)}
        slotProps={{ htmlInput: { spellCheck: false } }}
      />
      <Box>
        <Button
          size="small"
          variant="outlined"
          loading={judging.isPending}
          onClick={() => judging.mutate({ fields, text })}
        >
          {t(checkExample.name)}
        </Button>
      </Box>
      {judging.error && <Alert severity="error">{judging.error.message}</Alert>}
      {judging.data && <Verdict judged={judging.data} />}
    </Box>
  );
}

function Verdict({ judged: { wrong, shape, text } }: { judged: Judged }) {
  if (wrong) return <Alert severity="warning">{wrong}</Alert>;
  const value = shape.type === "json" ? parsed(text) : undefined;
  return (
    <>
      <Alert severity="success">{t("bots.fits")}</Alert>
      {shape.type === "json" && (
        <ShapedValue
          value={value}
          schema={resolved(shape.json_schema, shape.json_schema)}
          root={shape.json_schema}
        />
      )}
    </>
  );
}
