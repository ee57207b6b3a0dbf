// The colours behind avatars, by the names that the server keeps. What they look like is the theme's.

export const COLOURS = ["teal", "blue", "violet", "pink", "red", "orange", "green", "grey"] as const;
export type Colour = (typeof COLOURS)[number];

function isColour(name: string): name is Colour {
  return COLOURS.some((colour) => colour === name);
}

/** Styles of a surface; of a quiet one where none was chosen. */
export function colourOf(name: string) {
  if (!isColour(name)) return { bgcolor: "background.bubble", color: "text.primary" };
  return { bgcolor: `avatar.${name}`, color: "avatar.letter" };
}
