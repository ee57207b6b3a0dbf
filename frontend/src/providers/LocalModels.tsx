import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Chip from "@mui/material/Chip";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { LocalModel } from "../api/types";
import { t } from "../i18n/t";
import { fieldProblem, formProblem } from "../settings/fields";
import { Loaded } from "../settings/Loaded";
import { Section } from "../settings/Section";
import { useParley } from "../shell/parley";
import { RemoveButton } from "../shell/RemoveButton";
import { radius } from "../theme";
import { localModelsQuery, offerLocalModel, withdrawLocalModel } from "./queries";
import { useModelsChanged } from "./useModelsChanged";

/** What the model service beside Parley serves; for owners and admins. */
export function LocalModels() {
  const found = useQuery(localModelsQuery);
  return (
    <Section title={t("local.title")} hint={t("local.hint")}>
      <Loaded query={found}>
        {({ items, problem }) =>
          problem ? (
            <Alert severity="info">{problem}</Alert>
          ) : (
            <Box sx={{ border: 1, borderColor: "divider", borderRadius: radius.medium }}>
              <Offered models={items} />
              <OfferFolder />
            </Box>
          )
        }
      </Loaded>
    </Section>
  );
}

function Offered({ models }: { models: readonly LocalModel[] }) {
  if (models.length === 0) {
    return (
      <Typography variant="body2" sx={{ px: 2, pt: 2, color: "text.secondary" }}>
        {t("local.none")}
      </Typography>
    );
  }
  return (
    <Box component="ul" aria-label={t("local.title")} sx={{ m: 0, p: 0, listStyle: "none" }}>
      {models.map((model) => (
        <OfferedModel key={model.name} model={model} />
      ))}
    </Box>
  );
}

function OfferedModel({ model }: { model: LocalModel }) {
  const changed = useLocalModelsChanged();
  return (
    <Box
      component="li"
      sx={{
        display: "flex",
        alignItems: "center",
        gap: 1,
        px: 2,
        py: 1.25,
        borderBottom: 1,
        borderColor: "divider",
      }}
    >
      <Box sx={{ flex: 1, minWidth: 0 }}>
        <Box sx={{ display: "flex", alignItems: "center", gap: 1 }}>
          <Typography sx={{ overflowWrap: "anywhere" }}>{model.name}</Typography>
          {model.in_memory_bytes > 0 && (
            <Chip size="small" color="success" variant="outlined" label={t("local.inMemory")} />
          )}
        </Box>
        <Typography
          variant="caption"
          component="p"
          sx={{ m: 0, color: "text.secondary", overflowWrap: "anywhere" }}
        >
          {details(model)}
        </Typography>
      </Box>
      <RemoveButton
        label={t("local.withdraw", { name: model.name })}
        title={t("local.withdrawTitle")}
        text={t("local.withdrawText", { name: model.name })}
        confirm={t("local.confirm")}
        remove={() => withdrawLocalModel(model.name)}
        onRemoved={changed}
      />
    </Box>
  );
}

const FIELDS = ["folder", "name"] as const;
const NOTHING = { folder: "", name: "" };

function OfferFolder() {
  const parley = useParley();
  const changed = useLocalModelsChanged();
  const [given, setGiven] = useState(NOTHING);
  const offering = useMutation({
    mutationFn: () => offerLocalModel({ folder: given.folder.trim(), name: nameOf(given) }),
    onSuccess: async () => {
      parley.toast.set(t("local.offered", { name: nameOf(given) }));
      setGiven(NOTHING);
      await changed();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    offering.mutate();
  };
  const problem = formProblem(offering.error, FIELDS);
  const ofFolder = fieldProblem(offering.error, "folder");
  return (
    <Box component="form" onSubmit={submit} sx={{ display: "grid", gap: 2, p: 2 }}>
      <TextField
        label={t("local.folder")}
        required
        value={given.folder}
        onChange={(event) => setGiven({ ...given, folder: event.target.value })}
        {...ofFolder}
        helperText={ofFolder.helperText ?? t("local.folderHint")}
        slotProps={{ htmlInput: { dir: "ltr", spellCheck: false } }}
      />
      <TextField
        label={t("local.name")}
        placeholder={nameOf(given)}
        value={given.name}
        onChange={(event) => setGiven({ ...given, name: event.target.value })}
        {...fieldProblem(offering.error, "name")}
      />
      {problem && <Alert severity="error">{problem}</Alert>}
      <Box sx={{ display: "flex", justifyContent: "flex-end" }}>
        <Button type="submit" variant="contained" loading={offering.isPending}>
          {t("local.offer")}
        </Button>
      </Box>
    </Box>
  );
}

/** Without a name of its own, the folder's. */
function nameOf({ folder, name }: typeof NOTHING): string {
  const last =
    folder
      .trim()
      .split(/[\\/]+/)
      .filter(Boolean)
      .at(-1) ?? "";
  return name.trim() || last.replace(/[^\w.:@-]+/g, "-");
}

function details({ folder, context_window, size_bytes }: LocalModel): string {
  const megabytes = new Intl.NumberFormat(document.documentElement.lang || undefined, {
    style: "unit",
    unit: "megabyte",
    maximumFractionDigits: size_bytes < 10e6 ? 1 : 0,
  }).format(size_bytes / 1e6);
  const tokens = t("models.window", { count: Math.max(1, Math.round(context_window / 1000)) });
  return [megabytes, tokens, folder].join(" · ");
}

function useLocalModelsChanged(): () => Promise<void> {
  const queries = useQueryClient();
  const modelsChanged = useModelsChanged();
  return async () => {
    await Promise.all([queries.invalidateQueries({ queryKey: localModelsQuery.queryKey }), modelsChanged()]);
  };
}
