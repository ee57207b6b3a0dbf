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
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { t } from "../i18n/t";
import { addressOf } from "../routing/routes";
import { Loaded } from "../settings/Loaded";
import { Row, Rows } from "../settings/Rows";
import { useMe } from "../shell/me";
import { useParley } from "../shell/parley";
import { changePreset, deletePreset, keepPreset, presetsQuery } from "./queries";
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
  const queries = useQueryClient();
  const isGuest = useMe().workspace.role === "guest";
  const [name, setName] = useState("");
  const [isShared, setShared] = useState(false);
  const keeping = useMutation({
    mutationFn: () => keepPreset(name.trim(), setup, isShared),
    onSuccess: async () => {
      setName("");
      await queries.invalidateQueries({ queryKey: presetsQuery.queryKey });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) keeping.mutate();
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
        <Button type="submit" variant="contained" disabled={!name.trim()} loading={keeping.isPending}>
          {t("action.save")}
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
  const queries = useQueryClient();
  const whenDone = {
    onSuccess: () => queries.invalidateQueries({ queryKey: presetsQuery.queryKey }),
    onError: (problem: Error) => parley.complain(problem),
  };
  const updating = useMutation({
    mutationFn: (wanted: Setup) => changePreset(preset, { setup: wanted }),
    ...whenDone,
  });
  const removing = useMutation({ mutationFn: () => deletePreset(preset.id), ...whenDone });
  const copyLink = () => {
    parley.copy(linkOf(preset)).then(
      () => parley.toast.set(t("share.copied")),
      (problem: unknown) => parley.complain(problem),
    );
  };
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
      {preset.shared && (
        <Button size="small" onClick={copyLink}>
          {t("playground.link")}
        </Button>
      )}
      {preset.may_change && setup && (
        <Button size="small" loading={updating.isPending} onClick={() => updating.mutate(setup)}>
          {t("playground.update")}
        </Button>
      )}
      {preset.may_change && (
        <Button size="small" color="error" loading={removing.isPending} onClick={() => removing.mutate()}>
          {t("action.delete")}
        </Button>
      )}
    </Row>
  );
}

/** For those of the workspace: it opens the playground with this setup. */
function linkOf({ id }: Preset): string {
  return window.location.origin + addressOf({ room: "playground", run: null, preset: id });
}
