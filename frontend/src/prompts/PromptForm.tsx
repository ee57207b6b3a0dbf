import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import FormControlLabel from "@mui/material/FormControlLabel";
import Switch from "@mui/material/Switch";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { type FormEvent, useState } from "react";
import { savePrompt } from "../actions/prompt_actions";
import { useAction } from "../actions/useAction";
import type { Prompt } from "../api/types";
import { t } from "../i18n/t";
import { fieldProblem, formProblem } from "../settings/fields";
import { Section } from "../settings/Section";
import type { PromptDraft } from "./queries";
import { variablesOf } from "./variables";

const FIELDS = ["name", "text"] as const;

/** `prompt`: the one that is changed; a new one without. */
export function PromptForm({ prompt, onClose }: { prompt?: Prompt; onClose: () => void }) {
  const [draft, setDraft] = useState<PromptDraft>({
    name: prompt?.name ?? "",
    text: prompt?.text ?? "",
    shared: prompt?.shared ?? false,
  });
  const saving = useAction(savePrompt, { onDone: onClose });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate({ prompt, draft });
  };
  const variables = variablesOf(draft.text);
  const problem = formProblem(saving.error, FIELDS);
  return (
    <Section title={prompt ? t("prompts.edit", { name: prompt.name }) : t("prompts.make")}>
      <Box component="form" onSubmit={submit} sx={{ display: "grid", gap: 2 }}>
        <TextField
          label={t("field.name")}
          required
          autoFocus
          value={draft.name}
          onChange={({ target }) => setDraft({ ...draft, name: target.value })}
          slotProps={{ htmlInput: { maxLength: 41, autoCapitalize: "none", spellCheck: false } }}
          {...withHint(fieldProblem(saving.error, "name"), t("prompts.nameHint"))}
        />
        <TextField
          label={t("prompts.text")}
          required
          multiline
          minRows={5}
          maxRows={16}
          value={draft.text}
          onChange={({ target }) => setDraft({ ...draft, text: target.value })}
          {...withHint(fieldProblem(saving.error, "text"), t("prompts.textHint"))}
        />
        {variables.length > 0 && (
          <Typography variant="body2" sx={{ color: "text.secondary" }}>
            {t("prompts.asks", { names: variables.join(", ") })}
          </Typography>
        )}
        <FormControlLabel
          control={
            <Switch
              checked={draft.shared}
              onChange={({ target }) => setDraft({ ...draft, shared: target.checked })}
            />
          }
          label={t("prompts.share")}
        />
        {problem && <Alert severity="error">{problem}</Alert>}
        <Box sx={{ display: "flex", gap: 1, justifyContent: "flex-end" }}>
          <Button onClick={onClose}>{t("action.cancel")}</Button>
          <Button type="submit" variant="contained" loading={saving.isPending}>
            {t(savePrompt.name)}
          </Button>
        </Box>
      </Box>
    </Section>
  );
}

function withHint(said: ReturnType<typeof fieldProblem>, hint: string) {
  return { ...said, helperText: said.helperText ?? hint };
}
