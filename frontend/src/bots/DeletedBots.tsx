import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { useQuery } from "@tanstack/react-query";
import { bringBackBot } from "../actions/bot_actions";
import { useAction } from "../actions/useAction";
import type { DeletedBot } from "../api/types";
import { Fold } from "../conversation/Fold";
import { dayText } from "../i18n/format";
import { t } from "../i18n/t";
import { OneLine } from "../shell/OneLine";
import { BotAvatar } from "./BotAvatar";
import { deletedBotsQuery } from "./queries";

/** Below the gallery, folded away: what was deleted, for whoever may bring it back. Nothing where there is none. */
export function DeletedBots() {
  const bots = useQuery(deletedBotsQuery).data ?? [];
  if (!bots.length) return null;
  return (
    <Box sx={{ mt: 5 }}>
      <Fold name={t("bots.deletedOnes")} summary={t("bots.deletedCount", { count: bots.length })}>
        <Typography variant="body2" sx={{ color: "text.secondary", mb: 0.5 }}>
          {t("bots.deletedHint")}
        </Typography>
        <Box component="ul" aria-label={t("bots.deletedOnes")} sx={{ m: 0, p: 0, listStyle: "none" }}>
          {bots.map((bot) => (
            <Row key={bot.id} bot={bot} />
          ))}
        </Box>
      </Fold>
    </Box>
  );
}

function Row({ bot }: { bot: DeletedBot }) {
  const bringing = useAction(bringBackBot, { complains: true });
  return (
    <Box component="li" sx={row}>
      <BotAvatar face={bot} />
      <Box sx={{ flex: 1, minWidth: 0 }}>
        <OneLine weight={550}>{bot.name}</OneLine>
        <Box sx={{ fontSize: "0.8125rem", color: "text.secondary" }}>
          {t("bots.deletedOn", { day: dayText(bot.deleted_at) })}
        </Box>
      </Box>
      <Button
        size="small"
        variant="outlined"
        aria-label={t("bots.bringBackOne", { name: bot.name })}
        loading={bringing.isPending}
        onClick={() => bringing.mutate(bot)}
      >
        {t(bringBackBot.name)}
      </Button>
    </Box>
  );
}

const row = {
  display: "flex",
  alignItems: "center",
  gap: 1.5,
  py: 1,
  borderTop: 1,
  borderColor: "divider",
  "&:first-of-type": { borderTop: 0 },
} as const;
