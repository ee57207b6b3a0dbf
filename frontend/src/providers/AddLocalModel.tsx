import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import TextField from "@mui/material/TextField";
import ToggleButton from "@mui/material/ToggleButton";
import ToggleButtonGroup from "@mui/material/ToggleButtonGroup";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { download, offerModel } from "../actions/model_actions";
import { useAction } from "../actions/useAction";
import type { Key } from "../i18n/t";
import { t } from "../i18n/t";
import { fieldProblem, formProblem } from "../settings/fields";

type From = "hub" | "folder";

const WAYS: Readonly<Record<From, Key>> = { hub: "local.fromHub", folder: "local.fromFolder" };

/** A model more: downloaded from the hub, or taken from a folder. */
export function AddLocalModel() {
  const [from, setFrom] = useState<From>("hub");
  const id = useId();
  return (
    <Box component="section" aria-labelledby={id} sx={{ p: 2, bgcolor: "background.sidebar" }}>
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: 2, rowGap: 1, mb: 2 }}>
        <Box id={id} component="h3" sx={{ m: 0, flex: 1, fontSize: "0.9375rem", fontWeight: 600 }}>
          {t("local.add")}
        </Box>
        <ToggleButtonGroup
          exclusive
          size="small"
          value={from}
          aria-labelledby={id}
          onChange={(_event, wanted: From | null) => wanted && setFrom(wanted)}
        >
          {Object.entries(WAYS).map(([way, name]) => (
            <ToggleButton
              key={way}
              value={way}
              sx={{ px: 1.5, textTransform: "none", color: "text.secondary" }}
            >
              {t(name)}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
      </Box>
      {from === "hub" ? <FromHub /> : <FromFolder />}
    </Box>
  );
}

const OF_HUB = ["name", "revision"] as const;
const NO_MODEL = { name: "", revision: "" };

function FromHub() {
  const [given, setGiven] = useState(NO_MODEL);
  const asking = useAction(download, { onDone: () => setGiven(NO_MODEL) });
  const wish = { name: given.name.trim(), revision: given.revision.trim() || "main" };
  const ofName = fieldProblem(asking.error, "name");
  return (
    <Form
      button={t(download.name)}
      isBusy={asking.isPending}
      problem={formProblem(asking.error, OF_HUB)}
      onSubmit={() => asking.mutate(wish)}
    >
      <TextField
        label={t("local.hubName")}
        required
        placeholder="owner/model"
        value={given.name}
        onChange={(event) => setGiven({ ...given, name: event.target.value })}
        {...ofName}
        helperText={ofName.helperText ?? t("local.hubHint")}
        slotProps={latin}
        sx={{ flex: "3 1 260px" }}
      />
      <TextField
        label={t("local.revision")}
        placeholder="main"
        value={given.revision}
        onChange={(event) => setGiven({ ...given, revision: event.target.value })}
        {...fieldProblem(asking.error, "revision")}
        slotProps={latin}
        sx={{ flex: "1 1 120px" }}
      />
    </Form>
  );
}

const OF_FOLDER = ["folder", "name"] as const;
const NO_FOLDER = { folder: "", name: "" };

function FromFolder() {
  const [given, setGiven] = useState(NO_FOLDER);
  const offering = useAction(offerModel, { onDone: () => setGiven(NO_FOLDER) });
  const wish = { folder: given.folder.trim(), name: nameOf(given) };
  const ofFolder = fieldProblem(offering.error, "folder");
  return (
    <Form
      button={t(offerModel.name)}
      isBusy={offering.isPending}
      problem={formProblem(offering.error, OF_FOLDER)}
      onSubmit={() => offering.mutate(wish)}
    >
      <TextField
        label={t("local.folder")}
        required
        value={given.folder}
        onChange={(event) => setGiven({ ...given, folder: event.target.value })}
        {...ofFolder}
        helperText={ofFolder.helperText ?? t("local.folderHint")}
        slotProps={latin}
        sx={{ flex: "3 1 260px" }}
      />
      <TextField
        label={t("local.name")}
        placeholder={nameOf(given)}
        value={given.name}
        onChange={(event) => setGiven({ ...given, name: event.target.value })}
        {...fieldProblem(offering.error, "name")}
        slotProps={latin}
        sx={{ flex: "1 1 120px" }}
      />
    </Form>
  );
}

type FormProps = {
  button: string;
  isBusy: boolean;
  problem: string | null;
  onSubmit: () => void;
  children: ReactNode;
};

function Form({ button, isBusy, problem, onSubmit, children }: FormProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <Box
      component="form"
      onSubmit={submit}
      sx={{ display: "grid", gridTemplateColumns: "minmax(0, 1fr)", gap: 2 }}
    >
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "flex-start", gap: 2 }}>{children}</Box>
      {problem && (
        <Alert severity="error" sx={{ overflowWrap: "anywhere" }}>
          {problem}
        </Alert>
      )}
      <Box sx={{ display: "flex", justifyContent: "flex-end" }}>
        <Button type="submit" variant="contained" loading={isBusy}>
          {button}
        </Button>
      </Box>
    </Box>
  );
}

/** Names and paths, whatever the direction of the language around them. */
const latin = { htmlInput: { dir: "ltr", spellCheck: false, autoCapitalize: "none" } } as const;

/** Without a name of its own, the folder's. */
function nameOf({ folder, name }: typeof NO_FOLDER): string {
  const last =
    folder
      .trim()
      .split(/[\\/]+/)
      .filter(Boolean)
      .at(-1) ?? "";
  return name.trim() || last.replace(/[^\w.:@-]+/g, "-");
}
