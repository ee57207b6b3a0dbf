import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Checkbox from "@mui/material/Checkbox";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import FormControlLabel from "@mui/material/FormControlLabel";
import TextField from "@mui/material/TextField";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { performAction } from "../actions/action";
import { copyPresetLink, removePreset, savePreset, updatePreset } from "../actions/playground_actions";
import { useAction } from "../actions/useAction";
import { t } from "../i18n/t";
import { Loaded } from "../settings/Loaded";
import { Row, Rows } from "../settings/Rows";
import { useMe } from "../shell/me";
import { useParley } from "../shell/parley";
import { presetsQuery } from "./queries";
import type { Preset, Setup } from "./shapes";

type Props = { setup: Setup | null; onLoad: (preset: Preset) => void; onClose: () => void };

/** Setups that are kept: one's own, and those that the workspace shares. */
export default function PresetsDialog({ setup, onLoad, onClose }: Props) {
  const presets = useQuery(presetsQuery);
  const load = (preset: Preset) => {
    onLoad(preset);
    onClose();
  };
  return (
    <Dialog open onClose={onClose} maxWidth="sm" aria-labelledby="presets-title">
      <DialogTitle id="presets-title">{t("playground.presets")}</DialogTitle>
      <DialogContent>
        {setup && <KeepForm setup={setup} />}
        <Loaded query={presets}>
          {(known) =>
            known.length > 0 ? (
              <Rows label={t("playground.presets")}>
                {known.map((preset) => (
                  <PresetRow key={preset.id} preset={preset} setup={setup} onLoad={load} />
                ))}
              </Rows>
            ) : (
              <Box sx={{ color: "text.secondary", fontSize: "0.875rem" }}>{t("playground.noPresets")}</Box>
            )
          }
        </Loaded>
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{t("action.close")}</Button>
      </DialogActions>
    </Dialog>
  );
}

function KeepForm({ setup }: { setup: Setup }) {
  const isGuest = useMe().workspace.role === "guest";
  const [name, setName] = useState("");
  const [isShared, setShared] = useState(false);
  const wish = { name: name.trim(), setup, isShared };
  const keeping = useAction(savePreset, { onDone: () => setName("") });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (savePreset.allowed(wish)) keeping.mutate(wish);
  };
  return (
    <Box component="form" onSubmit={submit} sx={{ mb: 2.5, mt: 1 }}>
      <Box sx={{ display: "flex", gap: 1 }}>
        <TextField
          autoFocus
          label={t("playground.presetName")}
          value={name}
          onChange={(event) => setName(event.target.value)}
          slotProps={{ htmlInput: { maxLength: 120 } }}
        />
        <Button
          type="submit"
          variant="contained"
          disabled={!savePreset.allowed(wish)}
          loading={keeping.isPending}
        >
          {t(savePreset.name)}
        </Button>
      </Box>
      {!isGuest && (
        <FormControlLabel
          label={t("playground.shareWithAll")}
          control={
            <Checkbox size="small" checked={isShared} onChange={(event) => setShared(event.target.checked)} />
          }
        />
      )}
      {keeping.error && <Alert severity="error">{keeping.error.message}</Alert>}
    </Box>
  );
}

type RowProps = { preset: Preset; setup: Setup | null; onLoad: (preset: Preset) => void };

function PresetRow({ preset, setup, onLoad }: RowProps) {
  const parley = useParley();
  const updating = useAction(updatePreset, { complains: true });
  const removing = useAction(removePreset, { complains: true });
  return (
    <Row
      name={preset.name}
      detail={preset.shared ? t("playground.sharedBy", { name: preset.owner }) : undefined}
    >
      <Button
        size="small"
        onClick={() => onLoad(preset)}
        aria-label={t("playground.loadNamed", { name: preset.name })}
      >
        {t("playground.load")}
      </Button>
      {copyPresetLink.allowed(preset) && (
        <Button size="small" onClick={() => void performAction(copyPresetLink, parley, preset)}>
          {t(copyPresetLink.name)}
        </Button>
      )}
      {preset.may_change && setup && (
        <Button size="small" loading={updating.isPending} onClick={() => updating.mutate({ preset, setup })}>
          {t(updatePreset.name)}
        </Button>
      )}
      {preset.may_change && (
        <Button
          size="small"
          color="error"
          loading={removing.isPending}
          onClick={() => removing.mutate(preset)}
        >
          {t(removePreset.name)}
        </Button>
      )}
    </Row>
  );
}
