import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Paper from "@mui/material/Paper";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { joinWorkspace, leaveToJoin } from "../actions/session_actions";
import { useAction } from "../actions/useAction";
import type { Me, Welcome } from "../api/types";
import { t } from "../i18n/t";
import { go } from "../routing/router";
import { fieldProblem, formProblem } from "../settings/fields";
import { useDocumentTitle } from "../shell/Header";
import { Waiting } from "../shell/Waiting";
import { welcomeQuery } from "./people";
import { roleText } from "./roles";
import { configQuery, meQuery } from "./session";

const FIELDS = ["email", "name", "password"] as const;

/** Where an invitation leads: whoever has it makes an account of their own. */
export default function JoinPage({ token }: { token: string }) {
  const config = useQuery(configQuery); // its answer brings the cookie that the form needs
  const welcome = useQuery(welcomeQuery(token));
  const me = useQuery(meQuery);
  useDocumentTitle(t("join.do"));
  if (welcome.error) {
    return (
      <Card title={t("join.over")} text={welcome.error.message}>
        <Button onClick={() => go({ room: "new" })}>{t("join.toSignIn")}</Button>
      </Card>
    );
  }
  if (!welcome.data || !config.data || me.data === undefined) return <Waiting />;
  return me.data ? <SignedIn me={me.data} /> : <Form token={token} welcome={welcome.data} />;
}

function Form({ token, welcome }: { token: string; welcome: Welcome }) {
  const [given, setGiven] = useState({ email: "", name: "", password: "" });
  const joining = useAction(joinWorkspace);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    joining.mutate({ ...given, token, email: given.email.trim() });
  };
  const field = (name: (typeof FIELDS)[number]) => ({
    name,
    value: given[name],
    onChange: (event: { target: { value: string } }) => setGiven({ ...given, [name]: event.target.value }),
    ...fieldProblem(joining.error, name),
  });
  const problem = formProblem(joining.error, FIELDS);
  return (
    <Card
      title={t("join.title", { name: welcome.workspace })}
      text={t("join.hint", { role: roleText(welcome.role) })}
    >
      <Box component="form" onSubmit={submit} sx={{ display: "grid", gap: 2 }}>
        {problem && <Alert severity="error">{problem}</Alert>}
        <TextField label={t("field.name")} autoComplete="name" autoFocus {...field("name")} />
        <TextField
          label={t("field.email")}
          type="email"
          autoComplete="username"
          required
          {...field("email")}
        />
        <TextField
          label={t("field.password")}
          type="password"
          autoComplete="new-password"
          required
          {...field("password")}
        />
        <Button type="submit" variant="contained" size="large" loading={joining.isPending}>
          {t(joinWorkspace.name)}
        </Button>
      </Box>
    </Card>
  );
}

function SignedIn({ me }: { me: Me }) {
  const leaving = useAction(leaveToJoin, { complains: true });
  return (
    <Card title={t("join.signedIn")} text={t("join.signedInText", { email: me.user.email })}>
      <Box sx={{ display: "flex", gap: 1 }}>
        <Button variant="contained" onClick={() => go({ room: "new" })}>
          {t("join.stay")}
        </Button>
        <Button loading={leaving.isPending} onClick={() => leaving.mutate(null)}>
          {t(leaveToJoin.name)}
        </Button>
      </Box>
    </Card>
  );
}

function Card({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <Box
      component="main"
      sx={{ height: "100%", overflow: "auto", display: "grid", placeItems: "center", p: 2 }}
    >
      <Paper variant="outlined" sx={{ width: "100%", maxWidth: 400, p: { xs: 3, sm: 4 } }}>
        <Typography variant="h1" sx={{ mb: 0.5 }}>
          {title}
        </Typography>
        <Typography variant="body2" sx={{ mb: 3, color: "text.secondary" }}>
          {text}
        </Typography>
        {children}
      </Paper>
    </Box>
  );
}
