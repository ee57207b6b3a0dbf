import ListItemIcon from "@mui/material/ListItemIcon";
import MenuItem from "@mui/material/MenuItem";
import MenuList from "@mui/material/MenuList";
import Paper from "@mui/material/Paper";
import Popper from "@mui/material/Popper";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, type RefObject, useState } from "react";
import type { Bot } from "../api/types";
import { BotAvatar } from "../bots/BotAvatar";
import { botsQuery } from "../bots/queries";
import { t } from "../i18n/t";
import { allowedIn } from "../providers/models";
import { modelsQuery } from "../providers/queries";

const MOST = 6;
/** An @ at the beginning of a word, at the end of what was typed. */
const MENTION = /(?:^|\s)@([^\s@]{0,40})$/u;

type Field = RefObject<HTMLTextAreaElement | null>;

/** `@` and some letters choose who answers next. What is picked takes their place: nobody, the text is the person's. */
export function useMention(text: string, field: Field, onPick: (text: string, bot: Bot) => void) {
  const bots = useQuery(botsQuery).data ?? [];
  const models = useQuery(modelsQuery).data ?? [];
  const [place, setPlace] = useState(0);
  const [dismissed, setDismissed] = useState("");
  const found = field.current && field.current.selectionEnd < text.length ? null : MENTION.exec(text);
  const words = found?.[1]?.toLocaleLowerCase() ?? "";
  const isOpen = found !== null && dismissed !== text;
  const fitting = isOpen
    ? allowedIn(bots, models)
        .filter(({ name }) => name.toLocaleLowerCase().includes(words))
        .slice(0, MOST)
    : [];
  const at = Math.min(place, Math.max(0, fitting.length - 1));
  const pick = (bot: Bot) => {
    onPick(text.slice(0, text.length - words.length - 1), bot);
    setPlace(0);
    field.current?.focus();
  };
  /** Whether the key was the list's. */
  const listen = (event: KeyboardEvent): boolean => {
    if (!fitting.length || event.nativeEvent.isComposing) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const bot = fitting[at];
    if (step) setPlace((at + step + fitting.length) % fitting.length);
    else if ((event.key === "Enter" || event.key === "Tab") && bot) pick(bot);
    else if (event.key === "Escape") setDismissed(text);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  return { fitting, at, pick, listen };
}

export function MentionList({ mention, anchor }: { mention: ReturnType<typeof useMention>; anchor: Field }) {
  const { fitting, at, pick } = mention;
  if (!fitting.length) return null;
  return (
    <Popper open anchorEl={anchor.current} placement="top-start" sx={{ zIndex: "modal" }}>
      <Paper elevation={4} sx={{ mb: 1, minWidth: 220 }}>
        <MenuList dense aria-label={t("mention.label")}>
          {fitting.map((bot, index) => (
            <MenuItem key={bot.id} selected={index === at} onClick={() => pick(bot)} tabIndex={-1}>
              <ListItemIcon>
                <BotAvatar face={bot} />
              </ListItemIcon>
              {bot.name}
            </MenuItem>
          ))}
        </MenuList>
      </Paper>
    </Popper>
  );
}
