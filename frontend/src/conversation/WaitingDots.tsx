import Box from "@mui/material/Box";
import { keyframes } from "@mui/material/styles";
import { t } from "../i18n/t";

const breathe = keyframes`
  0%, 60%, 100% { opacity: 0.25; }
  30% { opacity: 1; }
`;

/** Before the first word. */
export function WaitingDots() {
  return (
    <Box role="img" aria-label={t("answer.waiting")} sx={{ display: "flex", gap: 0.75, py: 1 }}>
      {[0, 1, 2].map((dot) => (
        <Box
          key={dot}
          sx={{
            width: 7,
            height: 7,
            borderRadius: "50%",
            bgcolor: "text.secondary",
            animation: `${breathe} 1.2s ${dot * 0.15}s infinite`,
          }}
        />
      ))}
    </Box>
  );
}
