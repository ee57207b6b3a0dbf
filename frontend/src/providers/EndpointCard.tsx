import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Chip from "@mui/material/Chip";
import Switch from "@mui/material/Switch";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { askVendor, removeEndpoint, switchEndpoint } from "../actions/model_actions";
import { useAction } from "../actions/useAction";
import type { Endpoint, Model } from "../api/types";
import { t } from "../i18n/t";
import { HintButton } from "../shell/HintButton";
import { EditIcon, SettingsIcon } from "../shell/icons";
import { useParley } from "../shell/parley";
import { RemoveButton } from "../shell/RemoveButton";
import { radius } from "../theme";
import { EditEndpoint } from "./EditEndpoint";
import { ModelRows } from "./ModelRows";

/** One vendor with its models. */
export function EndpointCard({ endpoint, models }: { endpoint: Endpoint; models: readonly Model[] }) {
  const [isEdited, setEdited] = useState(false);
  const isOurs = endpoint.source === "built-in";
  return (
    <Box
      component="section"
      aria-label={endpoint.name}
      sx={{ border: 1, borderColor: "divider", borderRadius: radius.medium, overflow: "hidden" }}
    >
      <Box sx={{ display: "flex", alignItems: "center", flexWrap: "wrap", gap: 1, px: 2, py: 1.5 }}>
        <Box sx={{ flex: "1 1 200px", minWidth: 0 }}>
          <Box sx={{ display: "flex", alignItems: "center", gap: 1 }}>
            <Typography variant="h3">{endpoint.name}</Typography>
            <Health endpoint={endpoint} />
          </Box>
          <Typography
            variant="caption"
            component="p"
            sx={{ m: 0, color: "text.secondary", overflowWrap: "anywhere" }}
          >
            {isOurs ? t("endpoint.builtIn") : details(endpoint)}
          </Typography>
        </Box>
        {!isOurs && <Controls endpoint={endpoint} onEdit={() => setEdited(true)} />}
      </Box>
      {endpoint.problem && (
        <Alert severity="warning" sx={{ borderRadius: 0 }}>
          {endpoint.problem}
        </Alert>
      )}
      <ModelRows models={models} />
      {isEdited && <EditEndpoint endpoint={endpoint} onClose={() => setEdited(false)} />}
    </Box>
  );
}

function details({ base_url, key_last4, source }: Endpoint): string {
  const key = key_last4 ? t("endpoint.key", { lastFour: key_last4 }) : "";
  const from = source === "environment" ? t("endpoint.environment") : "";
  return [base_url, key, from].filter(Boolean).join(" · ");
}

function Health({ endpoint }: { endpoint: Endpoint }) {
  if (!endpoint.enabled) return <Chip size="small" label={t("endpoint.off")} />;
  if (endpoint.health === "ok") {
    return <Chip size="small" color="success" variant="outlined" label={t("endpoint.ok")} />;
  }
  if (endpoint.health === "failing") {
    return <Chip size="small" color="error" variant="outlined" label={t("endpoint.failing")} />;
  }
  return null;
}

function Controls({ endpoint, onEdit }: { endpoint: Endpoint; onEdit: () => void }) {
  const parley = useParley();
  const switching = useAction(switchEndpoint, { complains: true });
  const refreshing = useAction(askVendor, { complains: true });
  return (
    <Box sx={{ display: "flex", alignItems: "center", gap: 0.5, ml: -1 }}>
      <Button
        size="small"
        startIcon={<askVendor.icon />}
        loading={refreshing.isPending}
        aria-label={t("endpoint.refreshName", { name: endpoint.name })}
        onClick={() => refreshing.mutate(endpoint)}
      >
        {t(askVendor.name)}
      </Button>
      <HintButton
        hint={t("limits.open", { name: endpoint.name })}
        label={t("limits.open", { name: endpoint.name })}
        icon={<SettingsIcon />}
        onClick={() => parley.dialog.set({ type: "limits", endpoint })}
      />
      {removeEndpoint.allowed(endpoint) && (
        <>
          <HintButton
            hint={t("action.edit")}
            label={t("endpoint.edit", { name: endpoint.name })}
            icon={<EditIcon />}
            onClick={onEdit}
          />
          <RemoveButton
            label={t("endpoint.delete", { name: endpoint.name })}
            title={t("endpoint.deleteTitle")}
            text={t("endpoint.deleteText", { name: endpoint.name })}
            action={removeEndpoint}
            target={endpoint}
          />
        </>
      )}
      <Switch
        checked={endpoint.enabled}
        disabled={switching.isPending}
        onChange={(event) => switching.mutate({ endpoint, enabled: event.target.checked })}
        slotProps={{ input: { "aria-label": t("endpoint.enable", { name: endpoint.name }) } }}
      />
    </Box>
  );
}
