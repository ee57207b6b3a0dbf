import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { BotDetail, BotDraft, Id } from "../api/types";
import { t } from "../i18n/t";
import { modelsQuery } from "../providers/queries";
import { fieldProblem, formProblem } from "../settings/fields";
import { Loaded } from "../settings/Loaded";
import { Section } from "../settings/Section";
import { useParley } from "../shell/parley";
import { type BotFields, draftOf, emptyFields, fieldsOf } from "./fields";
import { botQuery, botsQuery, createBot, updateBot } from "./queries";

export function NewBot({ onClose }: { onClose: () => void }) {
  return (
    <Section title={t("bots.make")}>
      <BotForm start={emptyFields} save={createBot} onClose={onClose} />
    </Section>
  );
}

export function EditBot({ id, onClose }: { id: Id; onClose: () => void }) {
  const bot = useQuery(botQuery(id));
  return (
    <Section title={t("bots.editTitle")}>
      <Loaded query={bot}>
        {(known) => (
          <BotForm
            key={known.version}
            start={fieldsOf(known)}
            save={(draft) => updateBot(id, draft, known.version)}
            onClose={onClose}
          />
        )}
      </Loaded>
    </Section>
  );
}

type Props = { start: BotFields; save: (draft: BotDraft) => Promise<BotDetail>; onClose: () => void };

const NAMED = ["name", "avatar", "system_prompt", "greeting", "starters", "model"] as const;

function BotForm({ start, save, onClose }: Props) {
  const parley = useParley();
  const queries = useQueryClient();
  const [fields, setFields] = useState(start);
  const saving = useMutation({
    mutationFn: () => save(draftOf(fields)),
    onSuccess: async (bot) => {
      queries.removeQueries({ queryKey: ["bot", bot.id] });
      await queries.invalidateQueries({ queryKey: botsQuery.queryKey });
      parley.toast.set(t("settings.saved"));
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  const field = (name: keyof BotFields) => ({
    value: fields[name],
    onChange: (event: { target: { value: string } }) => setFields({ ...fields, [name]: event.target.value }),
    ...fieldProblem(saving.error, name),
  });
  const problem = formProblem(saving.error, NAMED);
  return (
    <Box component="form" onSubmit={submit} sx={{ display: "grid", gap: 2 }}>
      <Box sx={{ display: "grid", gap: 2, gridTemplateColumns: "1fr 110px" }}>
        <TextField
          label={t("field.name")}
          required
          slotProps={{ htmlInput: { maxLength: 120 } }}
          {...field("name")}
        />
        <TextField
          label={t("bots.avatar")}
          slotProps={{ htmlInput: { maxLength: 16 } }}
          {...field("avatar")}
        />
      </Box>
      <ModelField {...field("model")} />
      <TextField
        label={t("bots.prompt")}
        multiline
        minRows={4}
        maxRows={16}
        {...field("system_prompt")}
        helperText={fieldProblem(saving.error, "system_prompt").helperText ?? t("bots.promptHint")}
      />
      <TextField label={t("bots.greeting")} multiline maxRows={6} {...field("greeting")} />
      <TextField
        label={t("bots.starters")}
        multiline
        maxRows={6}
        {...field("starters")}
        helperText={fieldProblem(saving.error, "starters").helperText ?? t("bots.startersHint")}
      />
      <Numbers field={field} />
      {problem && <Alert severity="error">{problem}</Alert>}
      <Box sx={{ display: "flex", justifyContent: "flex-end", gap: 1 }}>
        <Button onClick={onClose}>{t("action.cancel")}</Button>
        <Button type="submit" variant="contained" loading={saving.isPending}>
          {t("action.save")}
        </Button>
      </Box>
    </Box>
  );
}

type Bound = { value: string; onChange: (event: { target: { value: string } }) => void };

function ModelField(bound: Bound) {
  const models = useQuery(modelsQuery).data ?? [];
  const isKnown = bound.value === "" || models.some((model) => model.id === bound.value);
  return (
    <TextField select label={t("bots.model")} required {...bound} value={isKnown ? bound.value : ""}>
      {models.map((model) => (
        <MenuItem key={model.id} value={model.id}>
          {model.label || model.name}
        </MenuItem>
      ))}
    </TextField>
  );
}

function Numbers({ field }: { field: (name: "temperature" | "max_tokens") => Bound }) {
  return (
    <Box sx={{ display: "grid", gap: 2, gridTemplateColumns: { xs: "1fr", sm: "1fr 1fr" } }}>
      <TextField
        label={t("bots.temperature")}
        type="number"
        slotProps={{ htmlInput: { min: 0, max: 2, step: 0.1 } }}
        {...field("temperature")}
        helperText={t("bots.leaveEmpty")}
      />
      <TextField
        label={t("bots.maxTokens")}
        type="number"
        slotProps={{ htmlInput: { min: 1, step: 1 } }}
        {...field("max_tokens")}
        helperText={t("bots.leaveEmpty")}
      />
    </Box>
  );
}
