import TextField from "@mui/material/TextField";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { post } from "../api/client";
import type { BotDetail, Id, Model } from "../api/types";
import { botsQuery } from "../bots/queries";
import { t } from "../i18n/t";
import { FormDialog } from "../shell/FormDialog";
import { useParley } from "../shell/parley";
import { samplingFor } from "./fields";
import { ModelChoice } from "./ModelList";
import type { Setup } from "./shapes";

type Props = { setup: Setup; models: readonly Model[]; onClose: () => void };

/** What the system says, how to write, and one of the models, as a bot. */
export default function MakeBotDialog({ setup, models, onClose }: Props) {
  const parley = useParley();
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [model, setModel] = useState<Id>(setup.models[0] ?? "");
  const making = useMutation({
    mutationFn: () =>
      post<BotDetail>("/api/v1/bots", {
        name: name.trim(),
        model,
        system_prompt: setup.system,
        // Nobody would answer the calls that a bot makes of a person's own functions.
        parameters: { ...samplingFor(setup, model), functions: [] },
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: botsQuery.queryKey });
      parley.toast.set(t("playground.botMade", { name: name.trim() }));
      onClose();
    },
  });
  return (
    <FormDialog
      title={t("playground.makeBot")}
      hint={t("playground.makeBotHint")}
      problem={making.error?.message}
      isSaving={making.isPending}
      isReady={name.trim() !== ""}
      onSave={making.mutate}
      onClose={onClose}
    >
      <TextField
        autoFocus
        label={t("field.name")}
        value={name}
        onChange={(event) => setName(event.target.value)}
        slotProps={{ htmlInput: { maxLength: 120 } }}
      />
      {setup.models.length > 1 && (
        <ModelChoice
          label={t("bots.model")}
          models={models.filter(({ id }) => setup.models.includes(id))}
          value={model}
          onChange={setModel}
        />
      )}
    </FormDialog>
  );
}
