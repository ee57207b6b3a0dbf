import TextField from "@mui/material/TextField";
import { useState } from "react";
import { saveEndpoint } from "../actions/model_actions";
import { useAction } from "../actions/useAction";
import type { Endpoint } from "../api/types";
import { t } from "../i18n/t";
import { fieldProblem, formProblem } from "../settings/fields";
import { FormDialog } from "../shell/FormDialog";

const LIMITS = {
  max_concurrent: "limits.concurrent",
  tokens_per_minute: "limits.tokens",
  dollars_per_month: "limits.dollars",
} as const;
type Limit = keyof typeof LIMITS;
const NAMES = Object.keys(LIMITS) as Limit[];

/** How much may be asked of one vendor. */
export default function LimitsDialog({ endpoint, onClose }: { endpoint: Endpoint; onClose: () => void }) {
  const [typed, setTyped] = useState<Record<Limit, string>>({
    max_concurrent: String(endpoint.max_concurrent ?? ""),
    tokens_per_minute: String(endpoint.tokens_per_minute ?? ""),
    dollars_per_month: String(endpoint.dollars_per_month ?? ""),
  });
  const saving = useAction(saveEndpoint, { onDone: onClose });
  const save = () => {
    const limits = NAMES.map((name) => [name, typed[name] === "" ? null : Number(typed[name])]);
    saving.mutate({ endpoint, change: Object.fromEntries(limits) });
  };
  return (
    <FormDialog
      title={t("limits.title", { name: endpoint.name })}
      hint={t("limits.hint")}
      problem={formProblem(saving.error, NAMES)}
      isSaving={saving.isPending}
      onSave={save}
      onClose={onClose}
    >
      {NAMES.map((name) => (
        <TextField
          key={name}
          type="number"
          label={t(LIMITS[name])}
          value={typed[name]}
          onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
          slotProps={{ htmlInput: { min: 0, step: name === "dollars_per_month" ? "any" : 1 } }}
          {...fieldProblem(saving.error, name)}
        />
      ))}
    </FormDialog>
  );
}
