import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Paper from "@mui/material/Paper";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { enter, type Credentials as Given, makeAccount } from "../actions/session_actions";
import { useAction } from "../actions/useAction";
import { Problem } from "../api/problem";
import { type Key, t } from "../i18n/t";
import { useObservable } from "../shell/observable";
import { useParley } from "../shell/parley";
import { configQuery } from "./session";

type Wish = "sign-in" | "sign-up";

/** Shown wherever somebody must be signed in; the address stays, so that they come back to the same place. */
export default function SignInPage() {
  const parley = useParley();
  const config = useQuery(configQuery);
  const hasEnded = useObservable(parley.hasSessionEnded);
  const [wish, setWish] = useState<Wish>("sign-in");
  const attempt = useAction(wish === "sign-up" ? makeAccount : enter);
  const change = () => {
    attempt.reset();
    setWish(wish === "sign-in" ? "sign-up" : "sign-in");
  };
  const hint = t(hintFor(wish, { hasEnded, isOpen: config.data?.sign_up_open ?? false }));
  return (
    <Box
      component="main"
      sx={{ height: "100%", overflow: "auto", display: "grid", placeItems: "center", p: 2 }}
    >
      <Paper variant="outlined" sx={{ width: "100%", maxWidth: 400, p: { xs: 3, sm: 4 } }}>
        <Typography variant="h1" sx={{ mb: 0.5 }}>
          {t(wish === "sign-up" ? "signUp.title" : "signIn.title", {
            name: config.data?.name ?? t("app.name"),
          })}
        </Typography>
        <Typography variant="body2" sx={{ mb: 3, color: "text.secondary" }}>
          {hint}
        </Typography>
        <Credentials
          key={wish}
          wish={wish}
          problem={attempt.error}
          isBusy={attempt.isPending}
          onSubmit={attempt.mutate}
        />
        {config.data?.sign_up_open && (
          <Button fullWidth onClick={change} sx={{ mt: 1.5 }}>
            {t(wish === "sign-in" ? "signIn.toSignUp" : "signUp.toSignIn")}
          </Button>
        )}
      </Paper>
    </Box>
  );
}

function hintFor(wish: Wish, { hasEnded, isOpen }: { hasEnded: boolean; isOpen: boolean }): Key {
  if (hasEnded) return "signIn.ended";
  if (wish === "sign-up") return "signUp.hint";
  return isOpen ? "signIn.hint" : "signIn.closed";
}

type CredentialsProps = {
  wish: Wish;
  problem: Error | null;
  isBusy: boolean;
  onSubmit(given: Given): void;
};

function Credentials({ wish, problem, isBusy, onSubmit }: CredentialsProps) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const fields = problem instanceof Problem ? problem.fields : {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit({ email: email.trim(), password });
  };
  return (
    <Box component="form" onSubmit={submit} sx={{ display: "grid", gap: 2 }}>
      {problem && !fields.email && !fields.password && <Alert severity="error">{problem.message}</Alert>}
      <TextField
        label={t("field.email")}
        type="email"
        name="email"
        autoComplete="username"
        autoFocus
        required
        value={email}
        onChange={(event) => setEmail(event.target.value)}
        error={Boolean(fields.email)}
        helperText={fields.email}
      />
      <TextField
        label={t("field.password")}
        type="password"
        name="password"
        autoComplete={wish === "sign-up" ? "new-password" : "current-password"}
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        error={Boolean(fields.password)}
        helperText={fields.password}
      />
      <Button type="submit" variant="contained" size="large" loading={isBusy}>
        {t(wish === "sign-up" ? makeAccount.name : enter.name)}
      </Button>
    </Box>
  );
}
