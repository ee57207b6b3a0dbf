import TextField from "@mui/material/TextField";
import { useState } from "react";
import { saveAsBot } from "../actions/playground_actions";
import { useAction } from "../actions/useAction";
import type { Id, Model } from "../api/types";
import { t } from "../i18n/t";
import { FormDialog } from "../shell/FormDialog";
import { ModelChoice } from "./ModelList";
import type { Setup } from "./shapes";

type Props = { setup: Setup; models: readonly Model[]; onClose: () => void };

/** What the system says, how to write, and one of the models, as a bot. */
export default function MakeBotDialog({ setup, models, onClose }: Props) {
  const [name, setName] = useState("");
  const [model, setModel] = useState<Id>(setup.models[0] ?? "");
  const making = useAction(saveAsBot, { onDone: onClose });
  const wish = { name: name.trim(), setup, model };
  return (
    <FormDialog
      title={t("playground.makeBot")}
      hint={t("playground.makeBotHint")}
      problem={making.error?.message}
      isSaving={making.isPending}
      isReady={saveAsBot.allowed(wish)}
      onSave={() => making.mutate(wish)}
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
