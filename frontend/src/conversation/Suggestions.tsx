import ListItemIcon from "@mui/material/ListItemIcon";
import ListItemText from "@mui/material/ListItemText";
import MenuItem from "@mui/material/MenuItem";
import MenuList from "@mui/material/MenuList";
import Paper from "@mui/material/Paper";
import Popper from "@mui/material/Popper";
import { type KeyboardEvent, type ReactNode, type RefObject, useState } from "react";

const MOST = 6;

export type Field = RefObject<HTMLTextAreaElement | null>;

export type Suggestion = {
  key: string;
  name: string;
  detail?: string;
  icon?: ReactNode;
  /** `rest`: what was typed before the sign that asked for suggestions. */
  pick: (rest: string) => void;
};

type Asked = {
  text: string;
  field: Field;
  /** Ends with one group: the letters typed behind the sign. */
  sign: RegExp;
  /** What fits these letters, best first. */
  find: (letters: string) => readonly Suggestion[];
};

/** A list above the composer, which keeps the keyboard: arrows choose, Enter or Tab takes, Escape closes. */
export function useSuggestions({ text, field, sign, find }: Asked) {
  const [place, setPlace] = useState(0);
  const [dismissed, setDismissed] = useState("");
  const isAtEnd = !field.current || field.current.selectionEnd >= text.length;
  const found = isAtEnd && dismissed !== text ? sign.exec(text) : null;
  const letters = found?.[1] ?? "";
  const fitting = found ? find(letters.toLocaleLowerCase()).slice(0, MOST) : [];
  const at = Math.min(place, Math.max(0, fitting.length - 1));
  const pick = (suggestion: Suggestion) => {
    setPlace(0);
    field.current?.focus();
    suggestion.pick(text.slice(0, text.length - letters.length - 1));
  };
  /** Whether the key was the list's. */
  const listen = (event: KeyboardEvent): boolean => {
    if (!fitting.length || event.nativeEvent.isComposing) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chosen = fitting[at];
    if (step) setPlace((at + step + fitting.length) % fitting.length);
    else if ((event.key === "Enter" || event.key === "Tab") && chosen) pick(chosen);
    else if (event.key === "Escape") setDismissed(text);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  return { fitting, at, pick, listen };
}

type Props = { suggestions: ReturnType<typeof useSuggestions>; label: string; anchor: Field };

export function SuggestionList({ suggestions, label, anchor }: Props) {
  const { fitting, at, pick } = suggestions;
  if (!fitting.length) return null;
  return (
    <Popper open anchorEl={anchor.current} placement="top-start" sx={{ zIndex: "modal" }}>
      <Paper elevation={4} sx={{ mb: 1, minWidth: 220, maxWidth: "min(420px, calc(100vw - 48px))" }}>
        <MenuList dense aria-label={label}>
          {fitting.map((one, index) => (
            <MenuItem key={one.key} selected={index === at} onClick={() => pick(one)} tabIndex={-1}>
              {one.icon && <ListItemIcon>{one.icon}</ListItemIcon>}
              <ListItemText
                primary={one.name}
                secondary={one.detail}
                slotProps={{ primary: { noWrap: true }, secondary: { sx: twoLines } }}
              />
            </MenuItem>
          ))}
        </MenuList>
      </Paper>
    </Popper>
  );
}

/** Enough for a hint to be read to its end; of a long prompt it is a beginning. */
const twoLines = {
  display: "-webkit-box",
  WebkitLineClamp: 2,
  WebkitBoxOrient: "vertical",
  overflow: "hidden",
  whiteSpace: "normal",
  overflowWrap: "anywhere",
} as const;
