import Box from "@mui/material/Box";
import type { Face } from "../api/types";
import { radius } from "../theme";
import { colourOf } from "./colours";

const SIZES = {
  small: { side: 26, font: "0.875rem", corner: radius.small },
  medium: { side: 40, font: "1.25rem", corner: radius.medium },
  large: { side: 56, font: "1.75rem", corner: radius.large },
} as const;

type Props = {
  face: Partial<Face> | null | undefined;
  size?: keyof typeof SIZES;
  /** The picture was just uploaded: no bot has it yet, but whoever sees it owns the file. */
  isOwn?: boolean;
};

/** A picture, an emoji, or letters; the first letter of the name where there is none. Decorative: the name stands beside it. */
export function BotAvatar({ face, size = "small", isOwn }: Props) {
  const { side, font, corner } = SIZES[size];
  const letters = face?.avatar || [...(face?.name ?? "").trim()][0]?.toUpperCase() || "·";
  return (
    <Box
      aria-hidden
      sx={{
        flex: "none",
        display: "grid",
        placeItems: "center",
        width: side,
        height: side,
        borderRadius: corner,
        ...colourOf(face?.colour ?? ""),
        fontSize: font,
        fontWeight: 650,
        lineHeight: 1,
        overflow: "hidden",
      }}
    >
      {face?.picture ? (
        <Box
          component="img"
          alt=""
          src={`/api/v1/${isOwn ? "files" : "pictures"}/${face.picture}`}
          sx={{ width: "100%", height: "100%", objectFit: "cover" }}
        />
      ) : (
        letters
      )}
    </Box>
  );
}
