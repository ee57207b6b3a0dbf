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
import { MyBudget } from "../usage/MyBudget";
import { updateMe } from "./queries";
import { changePassword, meQuery } from "./session";

const form = { display: "grid", gap: 2, justifyItems: "start" } as const;

export function ProfilePage() {
  return (
    <>
      <Name />
      <MyBudget />
      <Password />
    </>
  );
}

function Name() {
  const { user } = useMe();
  const parley = useParley();
  const queries = useQueryClient();
  const [name, setName] = useState(user.name);
  const saving = useMutation({
    mutationFn: () => updateMe({ name: name.trim() }),
    onSuccess: (me) => {
      queries.setQueryData(meQuery.queryKey, me);
      parley.toast.set(t("settings.saved"));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  const problem = formProblem(saving.error, ["name"]);
  return (
    <Section title={t("profile.title")} hint={user.email}>
      <Box component="form" onSubmit={submit} sx={form}>
        {problem && <Alert severity="error">{problem}</Alert>}
        <TextField
          label={t("field.name")}
          autoComplete="name"
          value={name}
          onChange={(event) => setName(event.target.value)}
          {...fieldProblem(saving.error, "name")}
        />
        <Button
          type="submit"
          variant="contained"
          loading={saving.isPending}
          disabled={name.trim() === user.name}
        >
          {t("action.save")}
        </Button>
      </Box>
    </Section>
  );
}

function Password() {
  const parley = useParley();
  const [current, setCurrent] = useState("");
  const [wanted, setWanted] = useState("");
  const saving = useMutation({
    // Who came by a link has no password yet, and so none to name.
    mutationFn: () =>
      changePassword(
        current ? { current_password: current, new_password: wanted } : { new_password: wanted },
      ),
    onSuccess: () => {
      setCurrent("");
      setWanted("");
      parley.toast.set(t("password.saved"));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  const problem = formProblem(saving.error, ["current_password", "new_password"]);
  return (
    <Section title={t("password.title")} hint={t("password.hint")}>
      <Box component="form" onSubmit={submit} sx={form}>
        {problem && <Alert severity="error">{problem}</Alert>}
        <TextField
          label={t("password.current")}
          type="password"
          autoComplete="current-password"
          value={current}
          onChange={(event) => setCurrent(event.target.value)}
          {...fieldProblem(saving.error, "current_password")}
        />
        <TextField
          label={t("password.new")}
          type="password"
          autoComplete="new-password"
          required
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
          {...fieldProblem(saving.error, "new_password")}
        />
        <Button type="submit" variant="contained" loading={saving.isPending} disabled={!wanted}>
          {t("password.save")}
        </Button>
      </Box>
    </Section>
  );
}
