import Box from "@mui/material/Box";
import IconButton from "@mui/material/IconButton";
import Tooltip from "@mui/material/Tooltip";
import type { ReactNode } from "react";

type Props = {
  /** What it does, in a word. */
  hint: string;
  /** What it does to what, for whoever does not see what it stands beside. */
  label: string;
  icon: ReactNode;
  onClick: () => void;
  disabled?: boolean;
};

/** One of the small tools at the end of a row. */
export function HintButton({ hint, label, icon, ...rest }: Props) {
  return (
    <Tooltip title={hint}>
      {/* A button that is off tells its hint nothing, so the hint listens around it. */}
      <Box component="span" sx={{ display: "inline-flex" }}>
        <IconButton size="small" aria-label={label} {...rest}>
          {icon}
        </IconButton>
      </Box>
    </Tooltip>
  );
}
