import Box from "@mui/material/Box";
import CircularProgress from "@mui/material/CircularProgress";
import IconButton from "@mui/material/IconButton";
import Typography from "@mui/material/Typography";
import { t } from "../i18n/t";
import { CloseIcon, FileIcon, OfflineIcon, RetryIcon, WarningIcon } from "../shell/icons";
import { useObservable } from "../shell/observable";
import { radius } from "../theme";
import type { Attachment } from "./attachment_store";
import { sizeOf } from "./FileLine";
import { useAttachments } from "./useAttachments";

type Props = {
  attached: readonly Attachment[];
  /** The last control that had the keyboard is gone. */
  onDone: () => void;
};

/** What goes along with the next message, and how far its uploads have come. */
export function AttachedRow({ attached, onDone }: Props) {
  if (!attached.length) return null;
  return (
    <Box
      component="ul"
      aria-label={t("files.label")}
      sx={{
        flexBasis: "100%",
        minWidth: 0,
        display: "flex",
        flexWrap: "wrap",
        gap: 1,
        m: 0,
        p: 0.5,
        listStyle: "none",
      }}
    >
      {attached.map((one) => (
        <AttachedChip key={one.key} one={one} onDone={onDone} />
      ))}
    </Box>
  );
}

function AttachedChip({ one, onDone }: { one: Attachment; onDone: () => void }) {
  const attachments = useAttachments();
  const progress = useObservable(attachments.progress)[one.key];
  const preview = one.isImage ? attachments.preview(one.key) : null;
  const remove = () => {
    attachments.remove(one.key);
    onDone();
  };
  return (
    <Box component="li" sx={chip} data-attachment={one.problem ? "failed" : one.file ? "ready" : "uploading"}>
      <Box sx={face}>
        {preview ? <Box component="img" src={preview} alt="" sx={thumbnail} /> : <FileIcon />}
        <Mark share={progress} hasFailed={one.problem !== null} />
      </Box>
      <Box sx={{ minWidth: 0, flex: 1 }}>
        <Typography variant="body2" noWrap dir="auto">
          {one.name}
        </Typography>
        <Typography
          variant="caption"
          role={one.problem ? "alert" : undefined}
          sx={{ display: "block", color: one.problem ? "error.main" : "text.secondary" }}
        >
          {one.problem ?? (progress === null ? t("files.waiting") : sizeOf(one.blob.size))}
        </Typography>
      </Box>
      {(one.problem || progress === null) && (
        <IconButton
          size="small"
          aria-label={t("files.retry", { name: one.name })}
          onClick={() => attachments.retry(one.key)}
        >
          <RetryIcon fontSize="inherit" />
        </IconButton>
      )}
      <IconButton size="small" aria-label={t("files.remove", { name: one.name })} onClick={remove}>
        <CloseIcon fontSize="inherit" />
      </IconButton>
    </Box>
  );
}

/** `share`: 0 to 1; null: it waits; undefined: nothing is going on. */
function Mark({ share, hasFailed }: { share: number | null | undefined; hasFailed: boolean }) {
  if (!hasFailed && share === undefined) return null;
  return (
    <Box sx={veil}>
      {hasFailed ? (
        <WarningIcon color="error" />
      ) : share == null ? (
        <OfflineIcon />
      ) : (
        <CircularProgress
          size={24}
          variant={share > 0 && share < 1 ? "determinate" : "indeterminate"}
          value={share * 100}
          aria-label={t("files.uploading")}
        />
      )}
    </Box>
  );
}

const chip = {
  display: "flex",
  alignItems: "center",
  gap: 1,
  width: { xs: "100%", sm: 260 },
  p: 0.5,
  border: 1,
  borderColor: "divider",
  borderRadius: radius.medium,
} as const;

const face = {
  position: "relative",
  width: 44,
  height: 44,
  flex: "none",
  display: "grid",
  placeItems: "center",
  borderRadius: radius.small,
  overflow: "hidden",
  bgcolor: "background.bubble",
  color: "text.secondary",
} as const;

const thumbnail = { width: "100%", height: "100%", objectFit: "cover" } as const;

const veil = {
  position: "absolute",
  inset: 0,
  display: "grid",
  placeItems: "center",
  "&::before": { content: '""', position: "absolute", inset: 0, bgcolor: "background.paper", opacity: 0.75 },
  "& > *": { position: "relative" },
} as const;
