import TextField from "@mui/material/TextField";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { Endpoint } from "../api/types";
import { t } from "../i18n/t";
import { fieldProblem, formProblem } from "../settings/fields";
import { FormDialog } from "../shell/FormDialog";
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
  const keyProblem = fieldProblem(saving.error, "api_key");
  return (
    <FormDialog
      title={t("endpoint.editTitle")}
      problem={formProblem(saving.error, FIELDS)}
      isSaving={saving.isPending}
      onSave={saving.mutate}
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
