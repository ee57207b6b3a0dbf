import Box from "@mui/material/Box";
import type { ReactNode } from "react";

/** Words that a person chose, on one line: read and cut in their own direction, standing where those of the page begin. */
export function OneLine({ weight, children }: { weight?: number; children: ReactNode }) {
  return (
    <Box component="span" dir="auto" sx={{ ...oneLine, fontWeight: weight }}>
      {children}
    </Box>
  );
}

const oneLine = {
  display: "block",
  width: "fit-content",
  maxWidth: "100%",
  overflow: "hidden",
  textOverflow: "ellipsis",
  whiteSpace: "nowrap",
} as const;
