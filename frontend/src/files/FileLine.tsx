import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import type { ReactNode } from "react";
import type { FilePart } from "../api/types";
import { currentLocale, t } from "../i18n/t";
import { FileIcon } from "../shell/icons";
import { radius } from "../theme";

type Props = {
  part: Pick<FilePart, "name" | "size_bytes">;
  /** Its bytes could not be had. */
  isLost?: boolean;
  children?: ReactNode;
};

/** A file as a quiet card: what it is called and how large it is. */
export function FileLine({ part, isLost, children }: Props) {
  return (
    <Box
      sx={{
        display: "flex",
        alignItems: "center",
        gap: 1,
        width: "fit-content",
        maxWidth: "100%",
        my: 0.5,
        px: 1.25,
        py: 0.75,
        border: 1,
        borderColor: "divider",
        borderRadius: radius.medium,
        bgcolor: "background.paper",
      }}
    >
      <FileIcon sx={{ color: "text.secondary", flex: "none" }} />
      <Box sx={{ minWidth: 0 }}>
        <Typography variant="body2" noWrap dir="auto">
          {part.name}
        </Typography>
        <Typography variant="caption" sx={{ color: "text.secondary", display: "block" }}>
          {isLost ? t("files.lost") : sizeOf(part.size_bytes)}
        </Typography>
      </Box>
      {children}
    </Box>
  );
}

/** "312 kB", as the person's language writes it. */
export function sizeOf(bytes: number): string {
  const steps = ["byte", "kilobyte", "megabyte"] as const;
  const step = bytes < 1000 ? 0 : bytes < 1_000_000 ? 1 : 2;
  const format = {
    style: "unit",
    unit: steps[step],
    unitDisplay: "short",
    maximumFractionDigits: 1,
  } as const;
  return new Intl.NumberFormat(currentLocale(), format).format(bytes / 1000 ** step);
}
