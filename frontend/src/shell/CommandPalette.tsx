import Box from "@mui/material/Box";
import Dialog from "@mui/material/Dialog";
import InputBase from "@mui/material/InputBase";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { type ComponentType, type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { performAction, shortcutText } from "../actions/action";
import { appActions, palette } from "../actions/app_actions";
import { conversationActions } from "../actions/conversation_actions";
import { pickBot } from "../bots/choice";
import { botsQuery } from "../bots/queries";
import { conversationsQuery } from "../conversations/queries";
import { t } from "../i18n/t";
import { go, useRoute } from "../routing/router";
import { radius } from "../theme";
import { ChatIcon, SearchIcon, TalkIcon } from "./icons";
import { type Parley, useParley } from "./parley";

type Choice = {
  id: string;
  name: string;
  detail?: string;
  icon: ComponentType;
  perform: () => void;
};

const MOST_OF_A_KIND = 6;

/** Everything that can be done, and everywhere one can go, by a few letters of its name. */
export default function CommandPalette({ onClose }: { onClose: () => void }) {
  const id = useId();
  const [words, setWords] = useState("");
  const [place, setPlace] = useState(0);
  const choices = useChoices(words.trim());
  const chosen = choices[Math.min(place, choices.length - 1)];
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  });
  const perform = (choice: Choice | undefined) => {
    if (!choice) return;
    onClose();
    choice.perform();
  };
  const listen = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setPlace((Math.min(place, choices.length - 1) + step + choices.length) % choices.length);
    else if (event.key === "Enter" && !event.nativeEvent.isComposing) perform(chosen);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      maxWidth="sm"
      sx={{ "& .MuiDialog-container": { alignItems: "flex-start" } }}
      slotProps={{ paper: { "aria-label": t("action.palette"), sx: { mt: { xs: 1, sm: "12vh" } } } }}
    >
      <InputBase
        autoFocus
        fullWidth
        value={words}
        placeholder={t("palette.placeholder")}
        onChange={(event) => {
          setWords(event.target.value);
          setPlace(0);
        }}
        onKeyDown={listen}
        inputProps={{
          role: "combobox",
          "aria-expanded": true,
          "aria-controls": `${id}-list`,
          "aria-activedescendant": chosen && `${id}-${chosen.id}`,
          "aria-label": t("action.palette"),
        }}
        sx={{ px: 2.5, py: 1.5, fontSize: "1.0625rem", borderBottom: 1, borderColor: "divider" }}
      />
      <Box
        component="ul"
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label={t("action.palette")}
        sx={{ m: 0, p: 1, maxHeight: "50vh", overflowY: "auto", listStyle: "none" }}
      >
        {choices.map((choice) => (
          <Line
            key={choice.id}
            id={`${id}-${choice.id}`}
            choice={choice}
            isChosen={choice === chosen}
            onClick={() => perform(choice)}
          />
        ))}
        {choices.length === 0 && (
          <Box component="li" sx={{ p: 1.5, color: "text.secondary" }}>
            {t("palette.nothing")}
          </Box>
        )}
      </Box>
    </Dialog>
  );
}

type LineProps = { id: string; choice: Choice; isChosen: boolean; onClick: () => void };

function Line({ id, choice, isChosen, onClick }: LineProps) {
  return (
    // The keys are those of the field above, which names this line as the active one.
    <Box
      component="li"
      id={id}
      role="option"
      aria-selected={isChosen}
      onClick={onClick}
      sx={{
        display: "flex",
        alignItems: "center",
        gap: 1.5,
        px: 1.5,
        py: 1,
        borderRadius: radius.medium,
        cursor: "pointer",
        bgcolor: isChosen ? "background.selected" : undefined,
        "&:hover": { bgcolor: isChosen ? "background.selected" : "background.hover" },
        "& > svg": { color: "text.secondary" },
      }}
    >
      <choice.icon />
      <Box sx={{ flex: 1, minWidth: 0, overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" }}>
        {choice.name}
      </Box>
      {choice.detail && <Box sx={{ fontSize: "0.8125rem", color: "text.secondary" }}>{choice.detail}</Box>}
    </Box>
  );
}

function useChoices(words: string): Choice[] {
  const parley = useParley();
  const route = useRoute();
  const conversations = useInfiniteQuery(conversationsQuery).data?.pages.flatMap(({ items }) => items) ?? [];
  const bots = useQuery(botsQuery).data ?? [];
  const here = conversations.find(({ id }) => route.room === "conversation" && id === route.conversation);
  const choices: Choice[] = [
    ...actionChoices(parley),
    ...(here ? conversationActions : [])
      .filter((action) => here && action.allowed(here))
      .map((action) => ({
        id: action.name,
        name: t(action.name),
        detail: t("palette.here"),
        icon: action.icon,
        perform: () => here && void performAction(action, parley, here),
      })),
    ...few(conversations, words, ({ title }) => title).map(({ id, title }) => ({
      id,
      name: title || t("conversation.untitled"),
      icon: ChatIcon,
      perform: () => go({ room: "conversation", conversation: id }),
    })),
    ...few(bots, words, ({ name }) => name).map(({ id, name }) => ({
      id,
      name: t("bots.talkTo", { name }),
      icon: TalkIcon,
      perform: () => {
        pickBot(null, id);
        go({ room: "new" });
      },
    })),
  ];
  const fitting = choices.filter(({ name }) => fits(name, words));
  return words ? [...fitting, searchChoice(words)] : fitting;
}

function actionChoices(parley: Parley): Choice[] {
  return appActions
    .filter((action) => action !== palette && action.allowed(null))
    .map((action) => ({
      id: action.name,
      name: t(action.name),
      detail: action.shortcut && shortcutText(action.shortcut),
      icon: action.icon,
      perform: () => void performAction(action, parley, null),
    }));
}

function searchChoice(words: string): Choice {
  return {
    id: "search",
    name: t("palette.search", { words }),
    icon: SearchIcon,
    perform: () => go({ room: "search", words }),
  };
}

function few<Item>(items: readonly Item[], words: string, nameOf: (item: Item) => string): Item[] {
  return items.filter((item) => fits(nameOf(item), words)).slice(0, MOST_OF_A_KIND);
}

/** Every word of the wish begins somewhere in the name. */
function fits(name: string, words: string): boolean {
  const low = name.toLocaleLowerCase();
  return words
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => low.includes(word));
}
