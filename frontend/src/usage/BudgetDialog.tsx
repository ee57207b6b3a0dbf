import Autocomplete from "@mui/material/Autocomplete";
import Box from "@mui/material/Box";
import TextField from "@mui/material/TextField";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { peopleQuery } from "../accounts/people";
import { saveBudget } from "../actions/budget_actions";
import { nameOf } from "../actions/person_actions";
import { useAction } from "../actions/useAction";
import type { Limits } from "../api/types";
import { useSettled } from "../conversations/useSettled";
import { type Key, t } from "../i18n/t";
import { fieldProblem, formProblem } from "../settings/fields";
import { Loaded } from "../settings/Loaded";
import { FormDialog } from "../shell/FormDialog";
import { type BudgetOf, budgetsQuery, LIMITS, type Limit, limitsFrom, limitsOf } from "./budgets";

const SETTLES_MS = 250;

const NAMES = {
  tokens_per_month: "budgets.tokensMonth",
  dollars_per_month: "limits.dollars",
  tokens_per_minute: "limits.tokens",
  concurrent: "budgets.concurrent",
} as const satisfies Record<Limit, Key>;

type Typed = Readonly<Record<Limit, string>>;
type Props = { of: BudgetOf | null; onClose: () => void };

/** The limits of one person or of the whole workspace. Without `of`, the person is chosen first. */
export default function BudgetDialog({ of, onClose }: Props) {
  const [chosen, setChosen] = useState(of);
  const [changes, setChanges] = useState<Partial<Typed>>({});
  const budgets = useQuery(budgetsQuery);
  const stored = limitsOf(budgets.data?.find(({ user }) => chosen && user === chosen.user));
  const typed = { ...typedOf(stored), ...changes };
  const saving = useAction(saveBudget, { onDone: onClose });
  const choose = (whose: BudgetOf | null) => {
    setChosen(whose);
    setChanges({});
    saving.reset();
  };
  return (
    <FormDialog
      title={chosen ? t("budgets.title", { name: chosen.name }) : t("budgets.limitSomebody")}
      hint={t("budgets.formHint")}
      problem={formProblem(saving.error, LIMITS)}
      isSaving={saving.isPending}
      isReady={chosen !== null && budgets.isSuccess}
      onSave={() => chosen && saving.mutate({ of: chosen, limits: limitsFrom(typed) })}
      onClose={onClose}
    >
      {of === null && <WhoseField onChoose={choose} />}
      {chosen && (
        <Loaded query={budgets}>
          {() => (
            <LimitFields
              typed={typed}
              problem={saving.error}
              onType={(name, text) => setChanges((before) => ({ ...before, [name]: text }))}
            />
          )}
        </Loaded>
      )}
    </FormDialog>
  );
}

const typedOf = (limits: Limits): Typed => ({
  tokens_per_month: String(limits.tokens_per_month ?? ""),
  dollars_per_month: String(limits.dollars_per_month ?? ""),
  tokens_per_minute: String(limits.tokens_per_minute ?? ""),
  concurrent: String(limits.concurrent ?? ""),
});

function WhoseField({ onChoose }: { onChoose: (of: BudgetOf | null) => void }) {
  const [words, setWords] = useState("");
  const settled = useSettled(words, SETTLES_MS);
  const people = useInfiniteQuery(peopleQuery({ words: settled.trim(), role: "", isActive: null }));
  return (
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
  );
}

type FieldsProps = { typed: Typed; problem: Error | null; onType: (name: Limit, text: string) => void };

function LimitFields({ typed, problem, onType }: FieldsProps) {
  return (
    <Box sx={{ display: "grid", gap: 2, gridTemplateColumns: { xs: "1fr", sm: "1fr 1fr" } }}>
      {LIMITS.map((name) => (
        <TextField
          key={name}
          type="number"
          label={t(NAMES[name])}
          value={typed[name]}
          onChange={(event) => onType(name, event.target.value)}
          slotProps={{ htmlInput: { min: 0, step: name === "dollars_per_month" ? "any" : 1 } }}
          {...fieldProblem(problem, name)}
        />
      ))}
    </Box>
  );
}
