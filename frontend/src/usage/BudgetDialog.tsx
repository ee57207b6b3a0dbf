import Alert from "@mui/material/Alert";
import Autocomplete from "@mui/material/Autocomplete";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogContentText from "@mui/material/DialogContentText";
import DialogTitle from "@mui/material/DialogTitle";
import TextField from "@mui/material/TextField";
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { peopleQuery } from "../accounts/people";
import { nameOf } from "../actions/person_actions";
import type { Limits } from "../api/types";
import { useSettled } from "../conversations/useSettled";
import { type Key, t } from "../i18n/t";
import { fieldProblem, formProblem } from "../settings/fields";
import { Loaded } from "../settings/Loaded";
import { useParley } from "../shell/parley";
import { type BudgetOf, budgetsQuery, LIMITS, type Limit, limitsFrom, limitsOf, putBudget } from "./budgets";

const SETTLES_MS = 250;

const NAMES = {
  tokens_per_month: "budgets.tokensMonth",
  dollars_per_month: "limits.dollars",
  tokens_per_minute: "limits.tokens",
  concurrent: "budgets.concurrent",
} as const satisfies Record<Limit, Key>;

type Props = { of: BudgetOf | null; onClose: () => void };

/** The limits of one person or of the whole workspace. Without `of`, the person is chosen first. */
export default function BudgetDialog({ of, onClose }: Props) {
  const [chosen, setChosen] = useState(of);
  const budgets = useQuery(budgetsQuery);
  return (
    <Dialog open onClose={onClose} aria-labelledby="budget-title">
      <DialogTitle id="budget-title">
        {chosen ? t("budgets.title", { name: chosen.name }) : t("budgets.limitSomebody")}
      </DialogTitle>
      {of === null && <WhoseField onChoose={setChosen} />}
      {chosen && (
        <Loaded query={budgets}>
          {(items) => (
            <LimitsForm
              key={chosen.user}
              of={chosen}
              limits={limitsOf(items.find(({ user }) => user === chosen.user))}
              onClose={onClose}
            />
          )}
        </Loaded>
      )}
      {!chosen && (
        <DialogActions>
          <Button onClick={onClose}>{t("action.cancel")}</Button>
        </DialogActions>
      )}
    </Dialog>
  );
}

function WhoseField({ onChoose }: { onChoose: (of: BudgetOf | null) => void }) {
  const [words, setWords] = useState("");
  const settled = useSettled(words, SETTLES_MS);
  const people = useInfiniteQuery(peopleQuery({ words: settled.trim(), role: "", isActive: null }));
  return (
    <Box sx={{ px: 3, pb: 2, pt: 1 }}>
      <Autocomplete
        size="small"
        options={people.data?.pages.flatMap(({ items }) => items) ?? []}
        loading={people.isPending}
        loadingText={t("app.loading")}
        noOptionsText={t("people.nobody")}
        getOptionLabel={(person) => (person.name ? `${person.name} (${person.email})` : person.email)}
        getOptionKey={({ id }) => id}
        isOptionEqualToValue={(one, other) => one.id === other.id}
        // The server has looked for the words already.
        filterOptions={(options) => options}
        onInputChange={(_event, typed, reason) => reason === "input" && setWords(typed)}
        onChange={(_event, person) => onChoose(person && { user: person.id, name: nameOf(person) })}
        renderInput={(params) => <TextField {...params} autoFocus label={t("people.find")} />}
      />
    </Box>
  );
}

type FormProps = { of: BudgetOf; limits: Limits; onClose: () => void };

function LimitsForm({ of, limits, onClose }: FormProps) {
  const parley = useParley();
  const [typed, setTyped] = useState<Record<Limit, string>>({
    tokens_per_month: String(limits.tokens_per_month ?? ""),
    dollars_per_month: String(limits.dollars_per_month ?? ""),
    tokens_per_minute: String(limits.tokens_per_minute ?? ""),
    concurrent: String(limits.concurrent ?? ""),
  });
  const saving = useMutation({
    mutationFn: () => putBudget(parley.queries, of.user, limitsFrom(typed)),
    onSuccess: () => {
      parley.toast.set(t("settings.saved"));
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  const problem = formProblem(saving.error, LIMITS);
  return (
    <form onSubmit={submit}>
      <DialogContent sx={{ display: "grid", gap: 2, pt: 0 }}>
        <DialogContentText variant="body2">{t("budgets.formHint")}</DialogContentText>
        <Box sx={{ display: "grid", gap: 2, gridTemplateColumns: { xs: "1fr", sm: "1fr 1fr" } }}>
          {LIMITS.map((name) => (
            <TextField
              key={name}
              type="number"
              label={t(NAMES[name])}
              value={typed[name]}
              onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
              slotProps={{ htmlInput: { min: 0, step: name === "dollars_per_month" ? "any" : 1 } }}
              {...fieldProblem(saving.error, name)}
            />
          ))}
        </Box>
        {problem && <Alert severity="error">{problem}</Alert>}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{t("action.cancel")}</Button>
        <Button type="submit" variant="contained" loading={saving.isPending}>
          {t("action.save")}
        </Button>
      </DialogActions>
    </form>
  );
}
