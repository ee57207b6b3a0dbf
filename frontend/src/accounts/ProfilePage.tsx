import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import TextField from "@mui/material/TextField";
import { type FormEvent, useState } from "react";
import { saveName, savePassword } from "../actions/account_actions";
import { useAction } from "../actions/useAction";
import { t } from "../i18n/t";
import { fieldProblem, formProblem } from "../settings/fields";
import { Section } from "../settings/Section";
import { useMe } from "../shell/me";
import { MyBudget } from "../usage/MyBudget";

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
  const [name, setName] = useState(user.name);
  const saving = useAction(saveName);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate(name.trim());
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
          {t(saveName.name)}
        </Button>
      </Box>
    </Section>
  );
}

function Password() {
  const [current, setCurrent] = useState("");
  const [wanted, setWanted] = useState("");
  const saving = useAction(savePassword, {
    onDone: () => {
      setCurrent("");
      setWanted("");
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate({ current, wanted });
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
          {t(savePassword.name)}
        </Button>
      </Box>
    </Section>
  );
}
