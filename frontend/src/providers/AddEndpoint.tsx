import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Link from "@mui/material/Link";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { addEndpoint } from "../actions/model_actions";
import { useAction } from "../actions/useAction";
import type { Vendor } from "../api/types";
import { t } from "../i18n/t";
import { safeAddress } from "../markdown/safety";
import { fieldProblem, formProblem } from "../settings/fields";
import { Loaded } from "../settings/Loaded";
import { radius } from "../theme";
import { vendorsQuery } from "./queries";

type Props = { onClose: (() => void) | null; onAdded: () => void };

export function AddEndpoint(props: Props) {
  const vendors = useQuery(vendorsQuery);
  return (
    <Box
      sx={{ p: { xs: 2, sm: 2.5 }, mb: 3, border: 1, borderColor: "divider", borderRadius: radius.medium }}
    >
      <Typography variant="h3">{t("models.addTitle")}</Typography>
      <Typography variant="body2" sx={{ mb: 2, color: "text.secondary" }}>
        {t("models.addHint")}
      </Typography>
      <Loaded query={vendors}>
        {([first, ...others]) =>
          first ? <Form vendors={[first, ...others]} first={first} {...props} /> : null
        }
      </Loaded>
    </Box>
  );
}

const FIELDS = ["name", "base_url", "api_key"] as const;

function Form({ vendors, first, onClose, onAdded }: Props & { vendors: readonly Vendor[]; first: Vendor }) {
  const [vendor, setVendor] = useState(first);
  const [given, setGiven] = useState(startOf(first));
  const adding = useAction(addEndpoint, { onDone: onAdded });
  const choose = (id: string) => {
    const chosen = vendors.find((one) => one.id === id) ?? first;
    adding.reset();
    setVendor(chosen);
    setGiven(startOf(chosen));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    adding.mutate({ ...trimmed(given), wire: vendor.wire });
  };
  const field = (name: (typeof FIELDS)[number]) => ({
    value: given[name],
    onChange: (event: { target: { value: string } }) => setGiven({ ...given, [name]: event.target.value }),
    ...fieldProblem(adding.error, name),
  });
  const problem = formProblem(adding.error, FIELDS);
  return (
    <Box component="form" onSubmit={submit} noValidate={false} sx={{ display: "grid", gap: 2 }}>
      <TextField
        select
        label={t("models.vendor")}
        value={vendor.id}
        onChange={(event) => choose(event.target.value)}
      >
        {vendors.map(({ id, label }) => (
          <MenuItem key={id} value={id}>
            {label}
          </MenuItem>
        ))}
      </TextField>
      <TextField label={t("field.name")} required {...field("name")} />
      <TextField label={t("models.baseUrl")} type="url" required {...field("base_url")} />
      <TextField
        label={t("models.key")}
        type="password"
        autoComplete="off"
        required={vendor.needs_key}
        {...field("api_key")}
      />
      <KeyHint vendor={vendor} />
      {problem && <Alert severity="error">{problem}</Alert>}
      <Box sx={{ display: "flex", gap: 1, justifyContent: "flex-end" }}>
        {onClose && <Button onClick={onClose}>{t("action.cancel")}</Button>}
        <Button type="submit" variant="contained" loading={adding.isPending}>
          {t(addEndpoint.name)}
        </Button>
      </Box>
    </Box>
  );
}

function KeyHint({ vendor }: { vendor: Vendor }) {
  const address = safeAddress(vendor.key_url);
  if (!address) return null;
  return (
    <Typography variant="caption" sx={{ color: "text.secondary", mt: -1 }}>
      <Link href={address} target="_blank" rel="noopener noreferrer nofollow">
        {t("models.getKey", { vendor: vendor.label })}
      </Link>
    </Typography>
  );
}

function startOf(vendor: Vendor) {
  // The last of the list is no vendor but a way to speak: its label is nobody's name.
  return { name: vendor.base_url ? vendor.label : "", base_url: vendor.base_url, api_key: "" };
}

function trimmed(given: ReturnType<typeof startOf>) {
  return { name: given.name.trim(), base_url: given.base_url.trim(), api_key: given.api_key.trim() };
}
