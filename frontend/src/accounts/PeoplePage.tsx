import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import FormControlLabel from "@mui/material/FormControlLabel";
import MenuItem from "@mui/material/MenuItem";
import Switch from "@mui/material/Switch";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { changeWorkspace } from "../actions/account_actions";
import { useAction } from "../actions/useAction";
import type { Role } from "../api/types";
import { MoreSentinel } from "../conversations/MoreSentinel";
import { useSettled } from "../conversations/useSettled";
import { type Key, t } from "../i18n/t";
import { Loaded } from "../settings/Loaded";
import { Rows } from "../settings/Rows";
import { Section } from "../settings/Section";
import { useMe } from "../shell/me";
import { Invitations } from "./Invitations";
import { PersonRow } from "./PersonRow";
import { peopleQuery } from "./people";
import { roleText } from "./roles";

/** Longer than a person takes between two letters. */
const SETTLES_MS = 250;

/** Whom to show: everybody, those of one role, or those who are switched off. */
const SHOWN = {
  "": "people.everybody",
  owner: "role.owner",
  admin: "role.admin",
  member: "role.member",
  guest: "role.guest",
  off: "people.off",
} as const satisfies Record<string, Key>;
type Shown = keyof typeof SHOWN;

export default function PeoplePage() {
  return (
    <>
      <People />
      <Invitations />
      <SignUp />
    </>
  );
}

function People() {
  const [words, setWords] = useState("");
  const [shown, setShown] = useState<Shown>("");
  const settled = useSettled(words, SETTLES_MS);
  const people = useInfiniteQuery(
    peopleQuery({
      words: settled.trim(),
      role: shown === "off" ? "" : shown,
      isActive: shown === "off" ? false : null,
    }),
  );
  return (
    <Section title={t("people.title")} hint={t("people.hint")}>
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1, mb: 2 }}>
        <TextField
          type="search"
          label={t("people.find")}
          value={words}
          onChange={(event) => setWords(event.target.value)}
          sx={{ flex: "1 1 220px" }}
        />
        <TextField
          select
          label={t("people.show")}
          value={shown}
          onChange={(event) => setShown(event.target.value as Shown)}
          sx={{ flex: { xs: "1 1 180px", sm: "0 1 180px" } }}
          slotProps={{ inputLabel: { shrink: true }, select: { displayEmpty: true } }}
        >
          {Object.entries(SHOWN).map(([name, label]) => (
            <MenuItem key={name} value={name}>
              {withCount(t(label), people.data?.pages[0]?.counts, name as Shown)}
            </MenuItem>
          ))}
        </TextField>
      </Box>
      <Loaded query={people}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          return items.length ? (
            <Rows label={t("people.title")}>
              {items.map((person) => (
                <PersonRow key={person.id} person={person} />
              ))}
              <MoreSentinel query={people} />
            </Rows>
          ) : (
            <Typography variant="body2" sx={{ color: "text.secondary" }}>
              {t("people.nobody")}
            </Typography>
          );
        }}
      </Loaded>
    </Section>
  );
}

function withCount(label: string, counts: Record<Role | "off", number> | undefined, shown: Shown): string {
  if (!counts) return label;
  const { owner, admin, member, guest } = counts;
  return `${label} (${shown ? counts[shown] : owner + admin + member + guest})`;
}

const NEWCOMERS: readonly Role[] = ["member", "guest"];

function SignUp() {
  const { workspace } = useMe();
  const changing = useAction(changeWorkspace);
  return (
    <Section title={t("workspace.signUp")} hint={t("workspace.signUpHint")}>
      {changing.error && (
        <Alert severity="error" sx={{ mb: 2 }}>
          {changing.error.message}
        </Alert>
      )}
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 2 }}>
        <FormControlLabel
          control={
            <Switch
              checked={workspace.sign_up_open}
              disabled={changing.isPending}
              onChange={(event) => changing.mutate({ sign_up_open: event.target.checked })}
            />
          }
          label={t("workspace.signUpOpen")}
        />
        {workspace.sign_up_open && (
          <TextField
            select
            label={t("workspace.signUpRole")}
            value={workspace.sign_up_role}
            disabled={changing.isPending}
            onChange={(event) => changing.mutate({ sign_up_role: event.target.value as Role })}
            sx={{ width: 200 }}
          >
            {NEWCOMERS.map((role) => (
              <MenuItem key={role} value={role}>
                {roleText(role)}
              </MenuItem>
            ))}
          </TextField>
        )}
      </Box>
    </Section>
  );
}
