import Box from "@mui/material/Box";
import type { ReactNode } from "react";
import { NextIcon } from "../shell/icons";
import { radius } from "../theme";

type Props = { summary: ReactNode; children: ReactNode; name?: string };

/** A quiet line that opens. The browser's own element: it works from the keyboard and says its state. */
export function Fold({ summary, children, name }: Props) {
  return (
    <Box
      component="details"
      aria-label={name}
      sx={{
        my: 1,
        border: 1,
        borderColor: "divider",
        borderRadius: radius.medium,
        fontSize: "0.875rem",
        "& > summary": {
          display: "flex",
          alignItems: "center",
          gap: 1,
          px: 1.5,
          py: 0.75,
          cursor: "pointer",
          color: "text.secondary",
          listStyle: "none",
          borderRadius: radius.medium,
          "&::-webkit-details-marker": { display: "none" },
          "&:hover": { bgcolor: "background.hover" },
        },
        "& .turns": { transition: "transform 120ms" },
        "&[open] > summary .turns": { transform: "rotate(90deg)" },
      }}
    >
      <summary>
        <NextIcon className="turns" fontSize="inherit" />
        {summary}
      </summary>
      <Box sx={{ px: 1.5, pb: 1.25, pt: 0.5 }}>{children}</Box>
    </Box>
  );
}
