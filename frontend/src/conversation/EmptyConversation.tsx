import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import type { Bot } from "../api/types";
import { BotAvatar } from "../bots/BotAvatar";
import { t } from "../i18n/t";
import { Prose } from "../markdown/Prose";
import { ConnectHint } from "../providers/ConnectHint";
import { useObservable } from "../shell/observable";
import { useParley } from "../shell/parley";
import { Tour } from "../shell/Tour";
import { layout, radius } from "../theme";

type Props = { bot: Bot | undefined; onStart: (text: string) => void };

/** Before the first word: who is there, and how one could begin. */
export function EmptyConversation({ bot, onStart }: Props) {
  const isTemporary = useObservable(useParley().isTemporary);
  return (
    <Box sx={{ flex: 1, minHeight: 0, overflowY: "auto", display: "grid", alignItems: "safe center" }}>
      <Box sx={{ width: "100%", maxWidth: layout.columnWidth, mx: "auto", px: { xs: 2, sm: 3 }, py: 4 }}>
        {bot && (
          <>
            <Box sx={{ display: "grid", justifyItems: "center", textAlign: "center", gap: 1.5 }}>
              <BotAvatar face={bot} size="large" />
              <Typography variant="h1">{bot.name}</Typography>
              <Box sx={{ maxWidth: 560, color: "text.secondary" }}>
                {bot.greeting ? <Prose text={bot.greeting} /> : t("empty.hint")}
              </Box>
            </Box>
            <Starters starters={bot.starters} onStart={onStart} />
          </>
        )}
        {isTemporary && (
          <Box
            role="note"
            sx={{
              mt: 3,
              mx: "auto",
              maxWidth: 480,
              p: 2,
              borderRadius: radius.medium,
              bgcolor: "background.bubble",
            }}
          >
            {t("temporary.hint")}
          </Box>
        )}
        <ConnectHint />
        <Tour />
      </Box>
    </Box>
  );
}

export function Starters({
  starters,
  onStart,
}: {
  starters: readonly string[];
  onStart: (text: string) => void;
}) {
  if (!starters.length) return null;
  return (
    <Box
      role="group"
      aria-label={t("empty.starters")}
      sx={{ mt: 4, display: "grid", gap: 1, gridTemplateColumns: { xs: "1fr", sm: "1fr 1fr" } }}
    >
      {starters.map((starter) => (
        <Button
          key={starter}
          variant="outlined"
          color="inherit"
          onClick={() => onStart(starter)}
          sx={{
            justifyContent: "flex-start",
            textAlign: "left",
            fontWeight: 400,
            px: 2,
            py: 1.25,
            borderColor: "divider",
            borderRadius: radius.medium,
            "&:hover": { bgcolor: "background.hover" },
          }}
        >
          {starter}
        </Button>
      ))}
    </Box>
  );
}
