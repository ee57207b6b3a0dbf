import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogContentText from "@mui/material/DialogContentText";
import DialogTitle from "@mui/material/DialogTitle";
import TextField from "@mui/material/TextField";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { post } from "../api/client";
import type { BotDetail, Id, Model } from "../api/types";
import { botsQuery } from "../bots/queries";
import { t } from "../i18n/t";
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
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) making.mutate();
  };
  return (
    <Dialog open onClose={onClose} aria-labelledby="make-bot-title">
      <form onSubmit={submit}>
        <DialogTitle id="make-bot-title">{t("playground.makeBot")}</DialogTitle>
        <DialogContent>
          <DialogContentText sx={{ mb: 2 }}>{t("playground.makeBotHint")}</DialogContentText>
          <Box sx={{ display: "grid", gap: 2 }}>
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
            {making.error && <Alert severity="error">{making.error.message}</Alert>}
          </Box>
        </DialogContent>
        <DialogActions>
          <Button onClick={onClose}>{t("action.cancel")}</Button>
          <Button type="submit" variant="contained" disabled={!name.trim()} loading={making.isPending}>
            {t("action.save")}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
