// What owners and admins can do with the budgets of people and of the workspace.

import type { Budget, Limits } from "../api/types";
import { t } from "../i18n/t";
import { AddIcon, DeleteIcon, DoneIcon, EditIcon } from "../shell/icons";
import { type BudgetOf, limitsOf, NO_LIMITS, putBudget } from "../usage/budgets";
import type { Action } from "./action";

/** As it is named on screen. */
export const ofBudget = ({ user, name, email }: Budget): BudgetOf => ({
  user,
  name: user === null ? t("budgets.workspace") : name || email || "",
});

export const editBudget: Action<Budget> = {
  name: "action.edit",
  icon: EditIcon,
  allowed: () => true,
  perform: (parley, budget) => parley.dialog.set({ type: "budget", of: ofBudget(budget) }),
};

/** What the dialog of a budget does. */
export const saveBudget: Action<{ of: BudgetOf; limits: Limits }> = {
  name: "action.save",
  icon: DoneIcon,
  allowed: () => true,
  perform: async (parley, { of, limits }) => {
    await putBudget(parley.queries, of.user, limits);
    parley.toast.set(t("settings.saved"));
  },
};

export const removeBudget: Action<Budget> = {
  name: "budgets.remove",
  icon: DeleteIcon,
  allowed: () => true,
  perform: async (parley, budget) => {
    await putBudget(parley.queries, budget.user, NO_LIMITS);
    parley.offerUndo("budgets.removed", () => putBudget(parley.queries, budget.user, limitsOf(budget)));
  },
};

export const limitWorkspace: Action<null> = {
  name: "budgets.limitWorkspace",
  icon: AddIcon,
  allowed: () => true,
  perform: (parley) =>
    parley.dialog.set({ type: "budget", of: { user: null, name: t("budgets.workspace") } }),
};

export const limitSomebody: Action<null> = {
  name: "budgets.limitSomebody",
  icon: AddIcon,
  allowed: () => true,
  perform: (parley) => parley.dialog.set({ type: "budget", of: null }),
};
