import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Chip from "@mui/material/Chip";
import { useId } from "react";
import { performAction } from "../actions/action";
import { deleteBot, editBot, talkTo } from "../actions/bot_actions";
import type { Bot } from "../api/types";
import { partsOf, say } from "../conversation/ask";
import { t } from "../i18n/t";
import { newKey } from "../realtime/key";
import { HintButton } from "../shell/HintButton";
import { DeleteIcon, EditIcon } from "../shell/icons";
import { useMe } from "../shell/me";
import { useParley } from "../shell/parley";
import { radius } from "../theme";
import { BotAvatar } from "./BotAvatar";
import { pickBot } from "./choice";

const STARTERS = 2;

export function BotCard({ bot }: { bot: Bot }) {
  const parley = useParley();
  const id = useId();
  const about = bot.description || bot.greeting;
  return (
    <Box component="li" aria-labelledby={id} sx={card}>
      <Box sx={{ display: "flex", alignItems: "center", gap: 1.5, minWidth: 0 }}>
        <BotAvatar face={bot} size="medium" />
        <Box sx={{ flex: 1, minWidth: 0 }}>
          <Box id={id} sx={{ fontWeight: 650, overflowWrap: "anywhere", lineHeight: 1.3 }}>
            {bot.name}
          </Box>
          <Box sx={{ fontSize: "0.8125rem", color: "text.secondary", ...oneLine }}>
            {bot.model ? bot.model.label || bot.model.name : t("bots.noModel")}
          </Box>
        </Box>
        {bot.audience !== "everyone" && <Chip size="small" variant="outlined" label={t(audienceName(bot))} />}
      </Box>
      {about && (
        <Box dir="auto" sx={{ fontSize: "0.875rem", color: "text.secondary", ...threeLines }}>
          {about}
        </Box>
      )}
      <Starters bot={bot} />
      <Box sx={{ display: "flex", alignItems: "center", gap: 0.5, mt: "auto", pt: 0.5 }}>
        {talkTo.allowed(bot) && (
          <Button
            size="small"
            variant="outlined"
            aria-label={t("bots.talkTo", { name: bot.name })}
            onClick={() => void performAction(talkTo, parley, bot)}
            sx={{ mr: "auto" }}
          >
            {t(talkTo.name)}
          </Button>
        )}
        {editBot.allowed(bot) && <Care bot={bot} />}
      </Box>
    </Box>
  );
}

function audienceName({ audience }: Bot) {
  return audience === "maker" ? "bots.onlyMe" : "bots.someOnly";
}

/** Asked at once: one click is a conversation. */
function Starters({ bot }: { bot: Bot }) {
  const parley = useParley();
  const { user } = useMe();
  if (!bot.model || !bot.starters.length) return null;
  const start = (text: string) => {
    pickBot(null, bot.id);
    const said = {
      key: newKey(),
      user: user.id,
      conversation: null,
      bot: bot.id,
      parent: null,
      isHeld: false,
    };
    say(parley, { ...said, parts: partsOf(text, []) }).catch((problem: unknown) => parley.complain(problem));
  };
  return (
    <Box role="group" aria-label={t("empty.starters")} sx={{ display: "grid", gap: 0.5 }}>
      {bot.starters.slice(0, STARTERS).map((starter) => (
        <Button key={starter} size="small" color="inherit" onClick={() => start(starter)} sx={starterStyle}>
          <Box component="span" dir="auto" sx={oneLine}>
            {starter}
          </Box>
        </Button>
      ))}
    </Box>
  );
}

function Care({ bot }: { bot: Bot }) {
  const parley = useParley();
  return (
    <>
      <HintButton
        hint={t("action.edit")}
        label={t("bots.edit", { name: bot.name })}
        icon={<EditIcon />}
        onClick={() => void performAction(editBot, parley, bot)}
      />
      <HintButton
        hint={t("action.delete")}
        label={t("bots.delete", { name: bot.name })}
        icon={<DeleteIcon />}
        onClick={() => void performAction(deleteBot, parley, bot)}
      />
    </>
  );
}

const oneLine = { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" } as const;

const threeLines = {
  display: "-webkit-box",
  WebkitLineClamp: 3,
  WebkitBoxOrient: "vertical",
  overflow: "hidden",
  overflowWrap: "anywhere",
} as const;

const card = {
  display: "flex",
  flexDirection: "column",
  gap: 1.25,
  p: 2,
  minWidth: 0,
  border: 1,
  borderColor: "divider",
  borderRadius: radius.large,
  bgcolor: "background.paper",
} as const;

const starterStyle = {
  justifyContent: "flex-start",
  textAlign: "start",
  fontWeight: 400,
  px: 1.25,
  minWidth: 0,
  bgcolor: "background.bubble",
  borderRadius: radius.medium,
  "&:hover": { bgcolor: "background.hover" },
} as const;
