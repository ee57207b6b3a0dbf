import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { saveRetention } from "../actions/keeping_actions";
import { useAction } from "../actions/useAction";
import type { Retention, RetentionDays, RetentionFate } from "../api/types";
import { bytesText } from "../i18n/format";
import { type Key, t } from "../i18n/t";
import { Loaded } from "../settings/Loaded";
import { Row, Rows } from "../settings/Rows";
import { Section } from "../settings/Section";
import { ConfirmDialog } from "../shell/ConfirmDialog";
import { fateQuery, isNothing, isSame, KINDS, type Kind, offered, retentionQuery } from "./retention";

const NAMES = {
  conversations: "retention.conversations",
  archives: "retention.archives",
  files: "retention.files",
  usage: "retention.usage",
} as const satisfies Record<Kind, Key>;

const HINTS = {
  conversations: "retention.conversationsHint",
  archives: "retention.archivesHint",
  files: "retention.filesHint",
  usage: "retention.usageHint",
} as const satisfies Record<Kind, Key>;

const AS_MACHINE = "machine";

/** How long things are kept. What a choice would delete is told before it is stored. */
export default function RetentionPage() {
  const retention = useQuery(retentionQuery);
  return (
    <Section title={t("settings.retention")} hint={t("retention.hint")}>
      <Loaded query={retention}>{(found) => <Choice key={found.version} retention={found} />}</Loaded>
    </Section>
  );
}

function Choice({ retention }: { retention: Retention }) {
  const [days, setDays] = useState<RetentionDays>(retention.days);
  const [isAsking, setIsAsking] = useState(false);
  const fate = useQuery(fateQuery(days));
  const isChanged = !isSame(days, retention.days);
  const saving = useAction(saveRetention);
  const store = () => saving.mutate({ days, version: retention.version });
  const save = () => (fate.data && isNothing(fate.data) ? store() : setIsAsking(true));
  const isKnown = fate.data !== undefined && !fate.isPlaceholderData;
  return (
    <>
      <Rows label={t("settings.retention")}>
        {KINDS.filter((kind) => kind !== "archives" || retention.archives_are_on).map((kind) => (
          <Row key={kind} name={t(NAMES[kind])} detail={t(HINTS[kind])}>
            <DaysField
              kind={kind}
              chosen={days[kind]}
              machine={retention.machine[kind] ?? 0}
              onChoose={(chosen) => setDays({ ...days, [kind]: chosen })}
            />
          </Row>
        ))}
        <Row name={t("retention.temporary")} detail={t("retention.temporaryHint")}>
          <Box sx={{ px: 1.5, fontSize: "0.9375rem", color: "text.secondary" }}>
            {t("usage.days", { count: 1 })}
          </Box>
        </Row>
      </Rows>
      <Box aria-live="polite" sx={{ mt: 2 }}>
        {fate.error ? (
          <Alert severity="error">{fate.error.message}</Alert>
        ) : (
          isChanged &&
          fate.data && (
            <Alert severity={isNothing(fate.data) ? "info" : "warning"} variant="outlined">
              {isNothing(fate.data)
                ? t("retention.nothing")
                : t("retention.goes", { what: fateText(fate.data) })}
            </Alert>
          )
        )}
      </Box>
      <Box sx={{ display: "flex", gap: 1, mt: 2 }}>
        <Button
          variant="contained"
          disabled={!isChanged || !isKnown}
          loading={saving.isPending}
          onClick={save}
        >
          {t(saveRetention.name)}
        </Button>
        {isChanged && <Button onClick={() => setDays(retention.days)}>{t("action.cancel")}</Button>}
      </Box>
      {saving.error && !isAsking && (
        <Alert severity="error" sx={{ mt: 2 }}>
          {saving.error.message}
        </Alert>
      )}
      {isAsking && fate.data && (
        <ConfirmDialog
          title={t("retention.confirmTitle")}
          text={t("retention.confirmText", { what: fateText(fate.data) })}
          confirm={t("retention.confirm")}
          problem={saving.error}
          isBusy={saving.isPending}
          onConfirm={store}
          onClose={() => setIsAsking(false)}
        />
      )}
    </>
  );
}

type FieldProps = {
  kind: Kind;
  chosen: number | null;
  machine: number;
  onChoose: (days: number | null) => void;
};

function DaysField({ kind, chosen, machine, onChoose }: FieldProps) {
  return (
    <TextField
      select
      value={chosen === null ? AS_MACHINE : String(chosen)}
      onChange={({ target: { value } }) => onChoose(value === AS_MACHINE ? null : Number(value))}
      slotProps={{ htmlInput: { "aria-label": t(NAMES[kind]) } }}
      sx={{ width: { xs: 260, sm: 240 } }}
    >
      {offered(chosen).map((days) => (
        <MenuItem key={days} value={String(days)}>
          {daysText(days)}
        </MenuItem>
      ))}
      <MenuItem value={AS_MACHINE}>{t("retention.machine", { days: daysText(machine) })}</MenuItem>
    </TextField>
  );
}

const daysText = (days: number) => (days ? t("usage.days", { count: days }) : t("retention.forEver"));

function fateText({ conversations, archives, files, file_bytes, usage_records }: RetentionFate): string {
  const parts = [
    conversations && t("people.conversations", { count: conversations }),
    archives && t("people.archives", { count: archives }),
    files && `${t("people.files", { count: files })} (${bytesText(file_bytes)})`,
    usage_records && t("retention.records", { count: usage_records }),
  ];
  return parts.filter(Boolean).join(" · ");
}
