import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import { useQuery } from "@tanstack/react-query";
import { makeArchive, removeArchive } from "../actions/keeping_actions";
import { useAction } from "../actions/useAction";
import { bytesText, dayText, timeText } from "../i18n/format";
import { t } from "../i18n/t";
import { Loaded } from "../settings/Loaded";
import { Row, Rows } from "../settings/Rows";
import { Section } from "../settings/Section";
import { DeleteIcon } from "../shell/icons";
import { Progress } from "./Progress";
import { type Export, exportAddress, exportsQuery } from "./queries";

/** All that is a person's, as one archive. */
export function ExportSection() {
  const exports = useQuery(exportsQuery);
  const isUnderWay =
    exports.data?.some(({ status }) => status === "waiting" || status === "working") ?? false;
  const asking = useAction(makeArchive, { complains: true });
  return (
    <Section title={t("data.exportTitle")} hint={t("data.exportHint")}>
      <Button
        variant="contained"
        disabled={isUnderWay}
        loading={asking.isPending}
        onClick={() => asking.mutate(null)}
      >
        {t(makeArchive.name)}
      </Button>
      <Loaded query={exports}>
        {(items) =>
          items.length > 0 && (
            <Rows label={t("data.exportTitle")} sx={{ mt: 2 }}>
              {items.map((item) => (
                <ExportRow key={item.id} item={item} />
              ))}
            </Rows>
          )
        }
      </Loaded>
    </Section>
  );
}

function ExportRow({ item }: { item: Export }) {
  const deleting = useAction(removeArchive, { complains: true });
  const name = t("data.archiveOf", { time: timeText(item.created_at) });
  return (
    <Row name={name} detail={<ExportState item={item} name={name} />}>
      {item.status === "ready" && (
        <Button size="small" href={exportAddress(item.id)} download>
          {t("data.download")}
        </Button>
      )}
      <IconButton
        size="small"
        aria-label={t("data.remove", { name })}
        disabled={deleting.isPending}
        onClick={() => deleting.mutate(item)}
      >
        <DeleteIcon />
      </IconButton>
    </Row>
  );
}

function ExportState({ item, name }: { item: Export; name: string }) {
  const { status, done, total, error, size_bytes, expires_at } = item;
  if (status === "failed") return error;
  if (status === "ready")
    return t("data.ready", { size: bytesText(size_bytes), day: expires_at ? dayText(expires_at) : "" });
  if (status === "waiting") return <Progress label={name} text={t("data.waiting")} />;
  return (
    <Progress label={name} text={t("data.progress", { done, total })} share={total ? done / total : null} />
  );
}
