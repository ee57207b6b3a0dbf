import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import InputAdornment from "@mui/material/InputAdornment";
import TextField from "@mui/material/TextField";
import ToggleButton from "@mui/material/ToggleButton";
import ToggleButtonGroup from "@mui/material/ToggleButtonGroup";
import Typography from "@mui/material/Typography";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { performAction } from "../actions/action";
import { newBot } from "../actions/bot_actions";
import type { Bot } from "../api/types";
import type { Key } from "../i18n/t";
import { t } from "../i18n/t";
import { Loaded } from "../settings/Loaded";
import { HeaderLine, useDocumentTitle } from "../shell/Header";
import { AddIcon, SearchIcon } from "../shell/icons";
import { useIsAdmin, useMe } from "../shell/me";
import { useParley } from "../shell/parley";
import { radius } from "../theme";
import { BotCard } from "./BotCard";
import { DeletedBots } from "./DeletedBots";
import { type Kind, listed } from "./gallery_list";
import { botsQuery } from "./queries";

const KINDS: Readonly<Record<Kind, Key>> = { all: "bots.all", mine: "bots.mine", shared: "bots.shared" };

/** All bots that people have made, to be talked to with one click. */
export function Gallery() {
  const bots = useQuery(botsQuery);
  useDocumentTitle(t("bots.title"));
  return (
    <>
      <HeaderLine>
        <Typography variant="h2" component="h1">
          {t("bots.title")}
        </Typography>
        <Box sx={{ flex: 1, display: "flex", justifyContent: "flex-end" }}>
          <MakeButton />
        </Box>
      </HeaderLine>
      <Box component="main" sx={{ flex: 1, minHeight: 0, overflowY: "auto" }}>
        <Box sx={{ maxWidth: 1080, mx: "auto", px: { xs: 2, sm: 3 }, pb: 6, pt: 1 }}>
          <Loaded query={bots}>
            {(all) => (all.some((bot) => !bot.is_default) ? <Shelf bots={all} /> : <Nobody />)}
          </Loaded>
          <DeletedBots />
        </Box>
      </Box>
    </>
  );
}

function MakeButton() {
  const parley = useParley();
  const { role, may_make_bots } = useMe().workspace;
  const isAdmin = useIsAdmin();
  if (role === "guest" || !(isAdmin || may_make_bots)) return null;
  return (
    <Button
      variant="contained"
      startIcon={<AddIcon />}
      onClick={() => void performAction(newBot, parley, null)}
    >
      {t(newBot.name)}
    </Button>
  );
}

function Shelf({ bots }: { bots: readonly Bot[] }) {
  const [words, setWords] = useState("");
  const [kind, setKind] = useState<Kind>("all");
  const shown = listed(bots, kind, words);
  return (
    <>
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1.5, mb: 2.5 }}>
        <TextField
          type="search"
          value={words}
          placeholder={t("bots.search")}
          onChange={(event) => setWords(event.target.value)}
          sx={{ flex: "1 1 240px", maxWidth: 420 }}
          slotProps={{
            htmlInput: { "aria-label": t("bots.search") },
            input: {
              startAdornment: (
                <InputAdornment position="start">
                  <SearchIcon />
                </InputAdornment>
              ),
            },
          }}
        />
        <ToggleButtonGroup
          exclusive
          size="small"
          value={kind}
          aria-label={t("bots.which")}
          onChange={(_event, wanted: Kind | null) => wanted && setKind(wanted)}
        >
          {Object.entries(KINDS).map(([name, label]) => (
            <ToggleButton key={name} value={name} sx={{ px: 2, textTransform: "none" }}>
              {t(label)}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
      </Box>
      {shown.length ? (
        <Box component="ul" aria-label={t("bots.title")} sx={grid}>
          {shown.map((bot) => (
            <BotCard key={bot.id} bot={bot} />
          ))}
        </Box>
      ) : (
        <Typography role="status" sx={{ color: "text.secondary", py: 4, textAlign: "center" }}>
          {t(words ? "bots.noneFits" : kind === "mine" ? "bots.noneMine" : "bots.noneShared")}
        </Typography>
      )}
    </>
  );
}

function Nobody() {
  return (
    <Box
      sx={{
        mt: 4,
        py: 6,
        px: 3,
        display: "grid",
        justifyItems: "center",
        textAlign: "center",
        gap: 1.5,
        border: 1,
        borderStyle: "dashed",
        borderColor: "divider",
        borderRadius: radius.large,
      }}
    >
      <Typography variant="h2">{t("bots.nobodyTitle")}</Typography>
      <Typography sx={{ maxWidth: 480, color: "text.secondary", mb: 1 }}>{t("bots.nobodyText")}</Typography>
      <MakeButton />
    </Box>
  );
}

const grid = {
  m: 0,
  p: 0,
  listStyle: "none",
  display: "grid",
  gap: 2,
  gridTemplateColumns: "repeat(auto-fill, minmax(min(100%, 280px), 1fr))",
} as const;
