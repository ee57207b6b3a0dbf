import Typography from "@mui/material/Typography";
import { t } from "../i18n/t";
import type { Notice } from "./answer";

const KNOWN = {
  taken_over: "notice.takenOver",
  shortened: "notice.shortened",
} as const;

function isKnown(code: string): code is keyof typeof KNOWN {
  return code in KNOWN;
}

/** Something a person may want to know about how this answer came to be. */
export function NoticeLine({ notice }: { notice: Notice }) {
  const words = notice.text || (isKnown(notice.code) ? t(KNOWN[notice.code]) : "");
  if (!words) return null;
  return (
    <Typography variant="caption" role="note" sx={{ display: "block", mt: 1, color: "text.secondary" }}>
      {words}
    </Typography>
  );
}
