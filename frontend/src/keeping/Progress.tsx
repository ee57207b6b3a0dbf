import Box from "@mui/material/Box";
import LinearProgress from "@mui/material/LinearProgress";

type Props = {
  label: string;
  text: string;
  /** From 0 to 1; null while nobody knows. */
  share?: number | null;
};

/** How far long work is. */
export function Progress({ label, text, share = null }: Props) {
  return (
    <Box sx={{ mt: 0.25 }}>
      <Box sx={{ mb: 0.75, fontVariantNumeric: "tabular-nums" }}>{text}</Box>
      <LinearProgress
        aria-label={label}
        variant={share === null ? "indeterminate" : "determinate"}
        value={share === null ? undefined : Math.round(share * 100)}
        sx={{ borderRadius: 2, height: 5, maxWidth: 420 }}
      />
    </Box>
  );
}
