import Box from "@mui/material/Box";
import type { ReactNode } from "react";
import { radius } from "../theme";

export function Bubble({ children, isFaint }: { children: ReactNode; isFaint?: boolean }) {
  return (
    <Box
      sx={{
        width: "fit-content",
        maxWidth: { xs: "90%", sm: "80%" },
        ml: "auto",
        px: 2,
        py: 1.25,
        borderRadius: radius.large,
        bgcolor: "background.bubble",
        opacity: isFaint ? 0.7 : 1,
        overflowWrap: "anywhere",
      }}
    >
      {children}
    </Box>
  );
}
