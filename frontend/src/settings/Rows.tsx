import Box from "@mui/material/Box";
import type { ReactNode } from "react";
import { radius } from "../theme";

type RowsProps = { label: string; children: ReactNode; sx?: { mt?: number } };

/** A framed list of things of one kind. */
export function Rows({ label, children, sx }: RowsProps) {
  return (
    <Box
      component="ul"
      aria-label={label}
      sx={{
        m: 0,
        p: 0,
        listStyle: "none",
        border: 1,
        borderColor: "divider",
        borderRadius: radius.medium,
        "& > li + li": { borderTop: 1, borderColor: "divider" },
        ...sx,
      }}
    >
      {children}
    </Box>
  );
}

type RowProps = { name: ReactNode; detail?: ReactNode; start?: ReactNode; children?: ReactNode };

/** `children`: what can be done with it. */
export function Row({ name, detail, start, children }: RowProps) {
  return (
    <Box
      component="li"
      sx={{ display: "flex", alignItems: "center", flexWrap: "wrap", gap: 1.5, px: 2, py: 1.25 }}
    >
      {start}
      <Box sx={{ flex: "1 1 180px", minWidth: 0 }}>
        <Box sx={{ fontSize: "0.9375rem", fontWeight: 550, overflowWrap: "anywhere" }}>{name}</Box>
        {detail && (
          <Box sx={{ fontSize: "0.8125rem", color: "text.secondary", overflowWrap: "anywhere" }}>
            {detail}
          </Box>
        )}
      </Box>
      {children && <Box sx={{ display: "flex", alignItems: "center", gap: 0.5 }}>{children}</Box>}
    </Box>
  );
}
