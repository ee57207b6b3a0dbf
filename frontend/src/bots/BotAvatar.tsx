import Box from "@mui/material/Box";
import { radius } from "../theme";

type Props = { avatar: string; name: string; size?: "small" | "large" };

/** An emoji, or letters; the first letter of the name where there is none. Decorative: the name stands beside it. */
export function BotAvatar({ avatar, name, size = "small" }: Props) {
  const isLarge = size === "large";
  return (
    <Box
      aria-hidden
      sx={{
        flex: "none",
        display: "grid",
        placeItems: "center",
        width: isLarge ? 56 : 26,
        height: isLarge ? 56 : 26,
        borderRadius: isLarge ? radius.large : radius.small,
        bgcolor: "background.bubble",
        fontSize: isLarge ? "1.75rem" : "0.875rem",
        fontWeight: 650,
        lineHeight: 1,
        overflow: "hidden",
      }}
    >
      {avatar || [...name.trim()][0]?.toUpperCase() || "·"}
    </Box>
  );
}
