import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { type ReactNode, useId } from "react";

type Props = { title: string; hint?: ReactNode; action?: ReactNode; children?: ReactNode };

export function Section({ title, hint, action, children }: Props) {
  const id = useId();
  return (
    <Box component="section" aria-labelledby={id} sx={{ mb: 5 }}>
      <Box sx={{ display: "flex", alignItems: "flex-start", gap: 2, mb: 2 }}>
        <Box sx={{ flex: 1 }}>
          <Typography id={id} variant="h2">
            {title}
          </Typography>
          {hint && (
            <Typography variant="body2" sx={{ color: "text.secondary", mt: 0.5 }}>
              {hint}
            </Typography>
          )}
        </Box>
        {action}
      </Box>
      {children}
    </Box>
  );
}
