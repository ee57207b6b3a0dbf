import TextField from "@mui/material/TextField";
import { useState } from "react";
import { saveEndpoint } from "../actions/model_actions";
import { useAction } from "../actions/useAction";
import type { Endpoint } from "../api/types";
import { t } from "../i18n/t";
import { fieldProblem, formProblem } from "../settings/fields";
import { FormDialog } from "../shell/FormDialog";
import type { EndpointChange } from "./queries";

const FIELDS = ["name", "base_url", "api_key"] as const;

export function EditEndpoint({ endpoint, onClose }: { endpoint: Endpoint; onClose: () => void }) {
  const [name, setName] = useState(endpoint.name);
  const [address, setAddress] = useState(endpoint.base_url);
  const [key, setKey] = useState("");
  const isMoved = address.trim() !== endpoint.base_url;
  const saving = useAction(saveEndpoint, { onDone: onClose });
  const save = () => {
    const change: EndpointChange = {};
    if (name.trim() !== endpoint.name) change.name = name.trim();
    if (isMoved) change.base_url = address.trim();
    if (key.trim()) change.api_key = key.trim();
    saving.mutate({ endpoint, change });
  };
  const keyProblem = fieldProblem(saving.error, "api_key");
  return (
    <FormDialog
      title={t("endpoint.editTitle")}
      problem={formProblem(saving.error, FIELDS)}
      isSaving={saving.isPending}
      onSave={save}
      onClose={onClose}
    >
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
    </FormDialog>
  );
}
