import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import InputBase from "@mui/material/InputBase";
import ListSubheader from "@mui/material/ListSubheader";
import Menu from "@mui/material/Menu";
import MenuItem from "@mui/material/MenuItem";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useState } from "react";
import type { Bot, Id, Model } from "../api/types";
import { t } from "../i18n/t";
import { allowedIn, factsOf, wordsOf } from "../providers/models";
import { modelsQuery } from "../providers/queries";
import { DoneIcon, DownIcon } from "../shell/icons";
import { useParley } from "../shell/parley";
import { BotAvatar } from "./BotAvatar";
import { pickBot } from "./choice";
import { botsQuery } from "./queries";

/** With more than these, one looks for a name rather than along a list. */
const MANY = 8;

type Props = {
  conversation: Id | null;
  bot: Bot | undefined;
  /** The conversation is on its way, and with it the name of its bot. */
  isAwaited: boolean;
};

/** Who answers next. */
export function BotPicker({ conversation, bot, isAwaited }: Props) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const parley = useParley();
  const isSearched = useIsSearched();
  const areLoaded = [useQuery(botsQuery).data, useQuery(modelsQuery).data].every(Boolean);
  const close = () => setAnchor(null);
  const pick = (picked: Bot) => {
    pickBot(conversation, picked.id);
    close();
    parley.focusWish.set("composer");
  };
  return (
    <>
      <Button
        color="inherit"
        aria-label={t("bots.choose", { name: bot?.name ?? "" })}
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(event.currentTarget)}
        endIcon={<DownIcon />}
        sx={{ minWidth: 0, maxWidth: { xs: "60vw", sm: 320 }, fontSize: "1rem", gap: 0.5 }}
      >
        <Box component="span" sx={{ overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" }}>
          {bot?.name ?? (areLoaded && !isAwaited ? t("bots.none") : "…")}
        </Box>
      </Button>
      <Menu
        anchorEl={anchor}
        open={anchor !== null}
        onClose={close}
        autoFocus={!isSearched}
        slotProps={menuSlots}
      >
        <Choices chosen={bot} onPick={pick} />
      </Menu>
    </>
  );
}

const menuSlots = {
  paper: { sx: { width: 320, maxWidth: "calc(100vw - 32px)", maxHeight: "70vh" } },
  list: { dense: true },
} as const;

/** Whether `Choices` begins with a search, which then has the focus: a menu would give it to an entry. */
export function useIsSearched(): boolean {
  return (useQuery(botsQuery).data ?? []).length > MANY;
}

/** Every bot and model that may be talked to, as entries of a menu. */
export function Choices({ chosen, onPick }: { chosen: Bot | undefined; onPick: (bot: Bot) => void }) {
  const all = useQuery(botsQuery).data ?? [];
  const models = useQuery(modelsQuery).data ?? [];
  const [words, setWords] = useState("");
  const modelOf = (bot: Bot) => models.find(({ id }) => id === bot.model?.id);
  const wanted = words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const fitting = allowedIn(all, models).filter((bot) => {
    const model = modelOf(bot);
    const text = `${bot.name}\n${bot.description}`.toLocaleLowerCase() + (model ? wordsOf(model) : "");
    return wanted.every((word) => text.includes(word));
  });
  const made = fitting.filter((bot) => !bot.is_default);
  const plain = fitting.filter((bot) => bot.is_default);
  const item = (bot: Bot) => (
    <MenuItem key={bot.id} selected={bot.id === chosen?.id} onClick={() => onPick(bot)} sx={{ gap: 1.5 }}>
      <BotAvatar face={bot} />
      <Box sx={{ minWidth: 0, flex: 1 }}>
        <Box sx={{ overflow: "hidden", textOverflow: "ellipsis" }}>{bot.name}</Box>
        <Box sx={{ fontSize: "0.8125rem", color: "text.secondary", whiteSpace: "normal" }}>
          {aboutOf(bot, modelOf(bot))}
        </Box>
      </Box>
      {bot.id === chosen?.id && <DoneIcon />}
    </MenuItem>
  );
  // A menu moves the focus by letters; in the box below letters are letters.
  const keepLetters = (event: KeyboardEvent) => {
    if (event.key !== "Escape" && event.key !== "Tab" && !event.key.startsWith("Arrow"))
      event.stopPropagation();
  };
  return (
    <>
      {all.length > MANY && (
        <Box component="li" role="none" sx={{ px: 2, pb: 0.5 }}>
          <InputBase
            fullWidth
            autoFocus
            value={words}
            placeholder={t("bots.find")}
            inputProps={{ "aria-label": t("bots.find") }}
            onChange={(event) => setWords(event.target.value)}
            onKeyDown={keepLetters}
          />
        </Box>
      )}
      {made.length > 0 && <Group name={t("bots.made")} />}
      {made.map(item)}
      {made.length > 0 && plain.length > 0 && <Group name={t("bots.models")} />}
      {plain.map(item)}
      {fitting.length === 0 && <MenuItem disabled>{t("bots.noneFits")}</MenuItem>}
    </>
  );
}

/** Of a bot whom it asks; of a model what it can and costs. */
function aboutOf(bot: Bot, model: Model | undefined): string {
  if (bot.is_default) return model ? factsOf(model) : "";
  return bot.model ? bot.model.label || bot.model.name : "";
}

function Group({ name }: { name: string }) {
  return (
    <ListSubheader role="presentation" disableSticky sx={{ lineHeight: 2.4, fontSize: "0.8125rem" }}>
      {name}
    </ListSubheader>
  );
}
