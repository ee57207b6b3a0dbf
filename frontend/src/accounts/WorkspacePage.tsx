import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import TextField from "@mui/material/TextField";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { t } from "../i18n/t";
import { fieldProblem, formProblem } from "../settings/fields";
import { Section } from "../settings/Section";
import { useMe } from "../shell/me";
import { useParley } from "../shell/parley";
import { updateWorkspace } from "./queries";
import { configQuery, meQuery } from "./session";

export function WorkspacePage() {
  const { workspace } = useMe();
  const parley = useParley();
  const queries = useQueryClient();
  const [name, setName] = useState(workspace.name);
  const saving = useMutation({
    mutationFn: (change: { name: string }) => updateWorkspace(workspace.version, change),
    onSuccess: () => parley.toast.set(t("settings.saved")),
    // Also after a refusal: it may be that somebody else was faster, and what is shown is old.
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: meQuery.queryKey }),
        queries.invalidateQueries({ queryKey: configQuery.queryKey }),
      ]),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) saving.mutate({ name: name.trim() });
  };
  const problem = formProblem(saving.error, ["name"]);
  return (
    <>
      {problem && (
        <Alert severity="error" sx={{ mb: 2 }}>
          {problem}
        </Alert>
      )}
      <Section title={t("workspace.title")} hint={t("workspace.hint")}>
        <Box component="form" onSubmit={submit} sx={{ display: "grid", gap: 2, justifyItems: "start" }}>
          <TextField
            label={t("field.name")}
            value={name}
            onChange={(event) => setName(event.target.value)}
            {...fieldProblem(saving.error, "name")}
          />
          <Button
            type="submit"
            variant="contained"
            loading={saving.isPending}
            disabled={!name.trim() || name.trim() === workspace.name}
          >
            {t("action.save")}
          </Button>
        </Box>
      </Section>
    </>
  );
}
