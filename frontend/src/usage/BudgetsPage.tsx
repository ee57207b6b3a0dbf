import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { useQuery } from "@tanstack/react-query";
import { ActionButton } from "../actions/ActionButton";
import { editBudget, limitSomebody, limitWorkspace, ofBudget, removeBudget } from "../actions/budget_actions";
import type { Budget } from "../api/types";
import { t } from "../i18n/t";
import { Loaded } from "../settings/Loaded";
import { Rows } from "../settings/Rows";
import { Section } from "../settings/Section";
import { budgetsQuery } from "./budgets";
import { Meters } from "./Meters";

/** How much may be used, by all together and by one person, and how much of it is. */
export default function BudgetsPage() {
  const budgets = useQuery(budgetsQuery);
  const whole = budgets.data?.find(({ user }) => user === null);
  const setOne = budgets.data && !whole && (
    <ActionButton action={limitWorkspace} target={null} isWordy variant="outlined" />
  );
  return (
    <>
      <Section title={t("budgets.workspace")} hint={t("budgets.hint")} action={setOne}>
        <Loaded query={budgets}>
          {() => (
            <List
              label={t("budgets.workspace")}
              budgets={whole ? [whole] : []}
              empty={t("budgets.noLimit")}
            />
          )}
        </Loaded>
      </Section>
      <Section
        title={t("budgets.people")}
        hint={t("budgets.peopleHint")}
        action={<ActionButton action={limitSomebody} target={null} isWordy variant="outlined" />}
      >
        <Loaded query={budgets}>
          {(items) => (
            <List
              label={t("budgets.people")}
              budgets={items.filter(({ user }) => user !== null)}
              empty={t("budgets.noPerson")}
            />
          )}
        </Loaded>
      </Section>
    </>
  );
}

function List({ label, budgets, empty }: { label: string; budgets: readonly Budget[]; empty: string }) {
  if (!budgets.length) {
    return (
      <Typography variant="body2" sx={{ color: "text.secondary" }}>
        {empty}
      </Typography>
    );
  }
  return (
    <Rows label={label}>
      {budgets.map((budget) => (
        <BudgetRow key={budget.user} budget={budget} />
      ))}
    </Rows>
  );
}

function BudgetRow({ budget }: { budget: Budget }) {
  const { name } = ofBudget(budget);
  return (
    <Box component="li" sx={{ px: 2, py: 1.5 }}>
      <Box sx={{ display: "flex", alignItems: "center", gap: 1, mb: 1 }}>
        <Box sx={{ flex: 1, minWidth: 0 }}>
          <Box dir="auto" sx={{ fontSize: "0.9375rem", fontWeight: 550, overflowWrap: "anywhere" }}>
            {name}
          </Box>
          {budget.email && budget.email !== name && (
            <Box sx={{ fontSize: "0.8125rem", color: "text.secondary", overflowWrap: "anywhere" }}>
              {budget.email}
            </Box>
          )}
        </Box>
        <ActionButton action={editBudget} target={budget} of={name} />
        <ActionButton action={removeBudget} target={budget} of={name} />
      </Box>
      <Meters budget={budget} />
    </Box>
  );
}
