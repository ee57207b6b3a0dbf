// What can be done with the rules that choose a model.

import { t } from "../i18n/t";
import { modelsChanged } from "../providers/changes";
import {
  createRule,
  deleteRule,
  type Rule,
  rulesQuery,
  type Step,
  type Tried,
  tryRule,
  updateRule,
  type Written,
} from "../providers/rules";
import { DeleteIcon, DoneIcon, PlayIcon } from "../shell/icons";
import type { Parley } from "../shell/parley";
import type { Action } from "./action";

/** `rule`: the one that is changed; a new one without. */
export const saveRule: Action<{ rule: Rule | undefined; written: Written }> = {
  name: "action.save",
  icon: DoneIcon,
  allowed: () => true,
  perform: async (parley, { rule, written }) => {
    if (rule) await updateRule(rule, written);
    else await createRule(written);
    await refresh(parley);
    parley.toast.set(t("settings.saved"));
  },
};

export const removeRule: Action<Rule> = {
  name: "action.delete",
  icon: DeleteIcon,
  allowed: () => true,
  perform: async (parley, { id }) => {
    await deleteRule(id);
    await refresh(parley);
  },
};

/** On what this person said before; no model is asked. */
export const tryIt: Action<Step[], Tried[]> = {
  name: "rules.try",
  icon: PlayIcon,
  allowed: () => true,
  perform: (_parley, steps) => tryRule(steps),
};

const refresh = ({ queries }: Parley) =>
  Promise.all([queries.invalidateQueries({ queryKey: rulesQuery.queryKey }), modelsChanged(queries)]);
