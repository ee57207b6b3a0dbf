import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { makeKey, removeKey } from "../actions/account_actions";
import { useAction } from "../actions/useAction";
import type { ApiKey, NewApiKey } from "../api/types";
import { timeText } from "../i18n/format";
import { t } from "../i18n/t";
import { fieldProblem, formProblem } from "../settings/fields";
import { Loaded } from "../settings/Loaded";
import { Row, Rows } from "../settings/Rows";
import { Section } from "../settings/Section";
import { CopyIcon } from "../shell/icons";
import { useIsAdmin, useMe } from "../shell/me";
import { useParley } from "../shell/parley";
import { RemoveButton } from "../shell/RemoveButton";
import { mono } from "../theme";
import { keysQuery } from "./queries";

export function KeysPage() {
  const keys = useQuery(keysQuery);
  const [made, setMade] = useState<NewApiKey | null>(null);
  const { may_make_keys } = useMe().workspace;
  const mayMake = useIsAdmin() || may_make_keys;
  return (
    <Section title={t("keys.title")} hint={t("keys.hint")}>
      {mayMake ? (
        <MakeKey onMade={setMade} />
      ) : (
        <Alert severity="info" variant="outlined" sx={{ mb: 2 }}>
          {t("keys.notAllowed")}
        </Alert>
      )}
      {made && <ShownOnce made={made} />}
      <Loaded query={keys}>
        {(items) =>
          items.length ? (
            <Rows label={t("keys.title")}>
              {items.map((key) => (
                <KeyRow key={key.id} apiKey={key} />
              ))}
            </Rows>
          ) : (
            <Typography variant="body2" sx={{ color: "text.secondary" }}>
              {t("keys.none")}
            </Typography>
          )
        }
      </Loaded>
    </Section>
  );
}

function MakeKey({ onMade }: { onMade: (made: NewApiKey) => void }) {
  const [name, setName] = useState("");
  const making = useAction(makeKey, {
    onDone: (made) => {
      setName("");
      onMade(made);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) making.mutate(name.trim());
  };
  const problem = formProblem(making.error, ["name"]);
  return (
    <Box
      component="form"
      onSubmit={submit}
      sx={{ display: "flex", alignItems: "flex-start", flexWrap: "wrap", gap: 1, mb: 2 }}
    >
      <TextField
        label={t("keys.name")}
        value={name}
        onChange={(event) => setName(event.target.value)}
        {...fieldProblem(making.error, "name")}
        sx={{ flex: "1 1 200px" }}
      />
      <Button
        type="submit"
        variant="contained"
        disabled={!name.trim()}
        loading={making.isPending}
        sx={{ height: 40 }}
      >
        {t(makeKey.name)}
      </Button>
      {problem && (
        <Alert severity="error" sx={{ width: "100%" }}>
          {problem}
        </Alert>
      )}
    </Box>
  );
}

function ShownOnce({ made }: { made: NewApiKey }) {
  const parley = useParley();
  const copy = () => {
    parley.copy(made.key).then(
      () => parley.toast.set(t("announce.copied")),
      (problem: unknown) => parley.complain(problem),
    );
  };
  return (
    <Alert
      severity="success"
      variant="outlined"
      sx={{ mb: 2, "& .MuiAlert-message": { minWidth: 0, flex: 1 } }}
    >
      {t("keys.shownOnce")}
      <Box sx={{ display: "flex", alignItems: "center", gap: 1, mt: 1 }}>
        <Box component="code" aria-label={t("keys.key")} sx={{ fontFamily: mono, overflowWrap: "anywhere" }}>
          {made.key}
        </Box>
        <IconButton size="small" aria-label={t("keys.copy")} onClick={copy}>
          <CopyIcon />
        </IconButton>
      </Box>
    </Alert>
  );
}

function KeyRow({ apiKey }: { apiKey: ApiKey }) {
  return (
    <Row
      name={apiKey.name}
      detail={t("keys.detail", { lastFour: apiKey.last_four, time: timeText(apiKey.created_at) })}
    >
      <RemoveButton
        label={t("keys.delete", { name: apiKey.name })}
        title={t("keys.deleteTitle")}
        text={t("keys.deleteText", { name: apiKey.name })}
        action={removeKey}
        target={apiKey}
      />
    </Row>
  );
}
