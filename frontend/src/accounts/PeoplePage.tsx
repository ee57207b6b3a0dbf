import Box from "@mui/material/Box";
import FormControlLabel from "@mui/material/FormControlLabel";
import MenuItem from "@mui/material/MenuItem";
import Switch from "@mui/material/Switch";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Role } from "../api/types";
import { MoreSentinel } from "../conversations/MoreSentinel";
import { useSettled } from "../conversations/useSettled";
import { type Key, t } from "../i18n/t";
import { Loaded } from "../settings/Loaded";
import { Rows } from "../settings/Rows";
import { Section } from "../settings/Section";
import { useMe } from "../shell/me";
import { useParley } from "../shell/parley";
import { Invitations } from "./Invitations";
import { PersonRow } from "./PersonRow";
import { peopleQuery } from "./people";
import { updateWorkspace } from "./queries";
import { configQuery, meQuery } from "./session";

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

function SignUp() {
  const { workspace } = useMe();
  const parley = useParley();
  const queries = useQueryClient();
  const switching = useMutation({
    mutationFn: (isOpen: boolean) => updateWorkspace(workspace.version, { sign_up_open: isOpen }),
    onSuccess: () => parley.toast.set(t("settings.saved")),
    onError: (problem) => parley.complain(problem),
    // Also after a refusal: it may be that somebody else was faster, and what is shown is old.
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: meQuery.queryKey }),
        queries.invalidateQueries({ queryKey: configQuery.queryKey }),
      ]),
  });
  return (
    <Section title={t("workspace.signUp")} hint={t("workspace.signUpHint")}>
      <FormControlLabel
        control={
          <Switch
            checked={workspace.sign_up_open}
            disabled={switching.isPending}
            onChange={(event) => switching.mutate(event.target.checked)}
          />
        }
        label={t("workspace.signUpOpen")}
      />
    </Section>
  );
}
