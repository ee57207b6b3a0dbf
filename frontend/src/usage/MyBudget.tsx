import Box from "@mui/material/Box";
import { useQuery } from "@tanstack/react-query";
import { ofBudget } from "../actions/budget_actions";
import { t } from "../i18n/t";
import { Rows } from "../settings/Rows";
import { Section } from "../settings/Section";
import { myBudgetsQuery } from "./budgets";
import { Meters } from "./Meters";

/** What holds for oneself, where anything does. */
export function MyBudget() {
  const budgets = useQuery(myBudgetsQuery).data;
  if (!budgets?.length) return null;
  return (
    <Section title={t("budgets.mine")} hint={t("budgets.mineHint")}>
      <Rows label={t("budgets.mine")}>
        {budgets.map((budget) => (
          <Box key={budget.user} component="li" sx={{ px: 2, py: 1.5, display: "grid", gap: 1 }}>
            <Box dir="auto" sx={{ fontSize: "0.9375rem", fontWeight: 550 }}>
              {ofBudget(budget).name}
            </Box>
            <Meters budget={budget} />
          </Box>
        ))}
      </Rows>
    </Section>
  );
}
