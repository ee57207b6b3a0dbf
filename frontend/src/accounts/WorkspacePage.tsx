import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import FormControlLabel from "@mui/material/FormControlLabel";
import FormGroup from "@mui/material/FormGroup";
import MenuItem from "@mui/material/MenuItem";
import Switch from "@mui/material/Switch";
import TextField from "@mui/material/TextField";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { changeWorkspace } from "../actions/account_actions";
import { useAction } from "../actions/useAction";
import { botsQuery } from "../bots/queries";
import { isLocale, LOCALES } from "../i18n/locale";
import { type Key, t } from "../i18n/t";
import { fieldProblem, formProblem } from "../settings/fields";
import { Section } from "../settings/Section";
import { useMe } from "../shell/me";

const PERMISSIONS = {
  may_make_bots: "workspace.mayMakeBots",
  may_make_keys: "workspace.mayMakeKeys",
  may_share_links: "workspace.mayShareLinks",
} as const satisfies Record<string, Key>;
type Permission = keyof typeof PERMISSIONS;

/** What holds for all who are in the workspace. */
export default function WorkspacePage() {
  return (
    <>
      <Name />
      <Defaults />
      <Permissions />
    </>
  );
}

function Name() {
  const { workspace } = useMe();
  const [name, setName] = useState(workspace.name);
  const changing = useAction(changeWorkspace);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) changing.mutate({ name: name.trim() });
  };
  const problem = formProblem(changing.error, ["name"]);
  return (
    <Section title={t("workspace.title")} hint={t("workspace.hint")}>
      {problem && (
        <Alert severity="error" sx={{ mb: 2 }}>
          {problem}
        </Alert>
      )}
      <Box component="form" onSubmit={submit} sx={{ display: "flex", alignItems: "flex-start", gap: 1 }}>
        <TextField
          label={t("field.name")}
          value={name}
          onChange={(event) => setName(event.target.value)}
          {...fieldProblem(changing.error, "name")}
        />
        <Button
          type="submit"
          variant="contained"
          loading={changing.isPending}
          disabled={!name.trim() || name.trim() === workspace.name}
          sx={{ height: 40, flex: "none" }}
        >
          {t("action.save")}
        </Button>
      </Box>
    </Section>
  );
}

function Defaults() {
  const { workspace } = useMe();
  const changing = useAction(changeWorkspace);
  const bots = useQuery(botsQuery).data ?? [];
  const offered = bots.filter(
    ({ id, model, audience }) => id === workspace.default_bot || (model && audience === "everyone"),
  );
  const isKnown = offered.some(({ id }) => id === workspace.default_bot);
  const shownShrunk = { inputLabel: { shrink: true }, select: { displayEmpty: true } };
  return (
    <Section title={t("workspace.defaults")} hint={t("workspace.defaultsHint")}>
      {changing.error && (
        <Alert severity="error" sx={{ mb: 2 }}>
          {changing.error.message}
        </Alert>
      )}
      <Box sx={{ display: "grid", gap: 2, gridTemplateColumns: { sm: "1fr 1fr" } }}>
        <TextField
          select
          label={t("workspace.defaultBot")}
          helperText={t("workspace.defaultBotHint")}
          value={isKnown ? workspace.default_bot : ""}
          disabled={changing.isPending}
          onChange={(event) => changing.mutate({ default_bot: event.target.value || null })}
          slotProps={shownShrunk}
        >
          <MenuItem value="">{t("workspace.newestModel")}</MenuItem>
          {offered.map(({ id, name }) => (
            <MenuItem key={id} value={id} dir="auto">
              {name}
            </MenuItem>
          ))}
        </TextField>
        <TextField
          select
          label={t("appearance.language")}
          helperText={t("workspace.localeHint")}
          value={workspace.locale}
          disabled={changing.isPending}
          onChange={({ target: { value } }) => changing.mutate({ locale: isLocale(value) ? value : "" })}
          slotProps={shownShrunk}
        >
          <MenuItem value="">{t("workspace.browsers")}</MenuItem>
          {Object.entries(LOCALES).map(([name, label]) => (
            <MenuItem key={name} value={name} lang={name}>
              {label}
            </MenuItem>
          ))}
        </TextField>
      </Box>
    </Section>
  );
}

function Permissions() {
  const { workspace } = useMe();
  const changing = useAction(changeWorkspace);
  return (
    <Section title={t("workspace.permissions")} hint={t("workspace.permissionsHint")}>
      {changing.error && (
        <Alert severity="error" sx={{ mb: 2 }}>
          {changing.error.message}
        </Alert>
      )}
      <FormGroup>
        {Object.entries(PERMISSIONS).map(([name, label]) => (
          <FormControlLabel
            key={name}
            label={t(label)}
            control={
              <Switch
                checked={workspace[name as Permission]}
                disabled={changing.isPending}
                onChange={(event) => changing.mutate({ [name]: event.target.checked })}
              />
            }
          />
        ))}
      </FormGroup>
    </Section>
  );
}
