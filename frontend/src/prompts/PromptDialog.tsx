import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import TextField from "@mui/material/TextField";
import { type FormEvent, type KeyboardEvent, useState } from "react";
import type { Prompt } from "../api/types";
import { t } from "../i18n/t";
import { filled, variablesOf } from "./variables";

type Props = { prompt: Prompt; use: (words: string) => void; onClose: () => void };

/** Asks for what a prompt leaves open. */
export default function PromptDialog({ prompt, use, onClose }: Props) {
  const [given, setGiven] = useState<Readonly<Record<string, string>>>({});
  const finish = (event: FormEvent | KeyboardEvent) => {
    event.preventDefault();
    onClose();
    use(filled(prompt.text, given));
  };
  return (
    <Dialog
      open
      onClose={onClose}
      fullWidth
      maxWidth="xs"
      disableRestoreFocus
      slotProps={{ paper: { component: "form", onSubmit: finish } }}
      aria-labelledby="prompt-title"
    >
      <DialogTitle id="prompt-title">/{prompt.name}</DialogTitle>
      <DialogContent sx={{ display: "grid", gap: 2 }}>
        {variablesOf(prompt.text).map((name, place) => (
          <TextField
            key={name}
            label={name}
            value={given[name] ?? ""}
            onChange={({ target }) => setGiven({ ...given, [name]: target.value })}
            onKeyDown={(event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && finish(event)}
            autoFocus={place === 0}
            multiline
            maxRows={6}
            sx={{ mt: place === 0 ? 1 : 0 }}
          />
        ))}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{t("action.cancel")}</Button>
        <Button type="submit" variant="contained">
          {t("prompts.use")}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
