import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import TextField from "@mui/material/TextField";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { Endpoint } from "../api/types";
import { t } from "../i18n/t";
import { fieldProblem, formProblem } from "../settings/fields";
import { type EndpointChange, updateEndpoint } from "./queries";
import { useModelsChanged } from "./useModelsChanged";

const FIELDS = ["name", "base_url", "api_key"] as const;

export function EditEndpoint({ endpoint, onClose }: { endpoint: Endpoint; onClose: () => void }) {
  const changed = useModelsChanged();
  const [name, setName] = useState(endpoint.name);
  const [address, setAddress] = useState(endpoint.base_url);
  const [key, setKey] = useState("");
  const isMoved = address.trim() !== endpoint.base_url;
  const saving = useMutation({
    mutationFn: () => {
      const change: EndpointChange = {};
      if (name.trim() !== endpoint.name) change.name = name.trim();
      if (isMoved) change.base_url = address.trim();
      if (key.trim()) change.api_key = key.trim();
      return updateEndpoint(endpoint, change);
    },
    onSuccess: async () => {
      await changed();
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  const problem = formProblem(saving.error, FIELDS);
  const keyProblem = fieldProblem(saving.error, "api_key");
  return (
    <Dialog open onClose={onClose}>
      <form onSubmit={submit}>
        <DialogTitle>{t("endpoint.editTitle")}</DialogTitle>
        <DialogContent sx={{ display: "grid", gap: 2, pt: "8px !important" }}>
          <TextField
            label={t("field.name")}
            required
            value={name}
            onChange={(event) => setName(event.target.value)}
            {...fieldProblem(saving.error, "name")}
          />
          <TextField
            label={t("models.baseUrl")}
            type="url"
            required
            value={address}
            onChange={(event) => setAddress(event.target.value)}
            {...fieldProblem(saving.error, "base_url")}
          />
          <TextField
            label={t("endpoint.newKey")}
            type="password"
            autoComplete="off"
            value={key}
            onChange={(event) => setKey(event.target.value)}
            error={keyProblem.error}
            helperText={keyProblem.helperText ?? t(isMoved ? "endpoint.keyIsVoid" : "endpoint.keyStays")}
          />
          {problem && <Alert severity="error">{problem}</Alert>}
        </DialogContent>
        <DialogActions>
          <Button onClick={onClose}>{t("action.cancel")}</Button>
          <Button type="submit" variant="contained" loading={saving.isPending}>
            {t("action.save")}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
