import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Chip from "@mui/material/Chip";
import Typography from "@mui/material/Typography";
import { useQuery } from "@tanstack/react-query";
import { diffWordsWithSpace } from "diff";
import { useMemo } from "react";
import { restoreVersion } from "../actions/editor_actions";
import { useAction } from "../actions/useAction";
import type { BotDetail, BotVersion } from "../api/types";
import { Fold } from "../conversation/Fold";
import { timeText } from "../i18n/format";
import { t } from "../i18n/t";
import { Loaded } from "../settings/Loaded";
import { type Change, changesBetween } from "./difference";
import { versionsQuery } from "./queries";

/** All versions of a bot, newest first, each with what it changed, and the way back to it. */
export function Versions({ bot, isChanged }: { bot: BotDetail; isChanged: boolean }) {
  const versions = useQuery(versionsQuery(bot.id));
  return (
    <Box
      component="section"
      aria-label={t("bots.versions")}
      sx={{ flex: 1, overflowY: "auto", px: 2, py: 1.5 }}
    >
      {isChanged && (
        <Alert severity="info" sx={{ mb: 1 }}>
          {t("bots.saveFirst")}
        </Alert>
      )}
      <Loaded query={versions}>
        {(all) =>
          all.map((version, place) => (
            <OneVersion
              key={version.number}
              version={version}
              before={all[place + 1] ?? null}
              {...{ bot, isChanged }}
            />
          ))
        }
      </Loaded>
    </Box>
  );
}

type Props = { version: BotVersion; before: BotVersion | null; bot: BotDetail; isChanged: boolean };

function OneVersion({ version, before, bot, isChanged }: Props) {
  const changes = useMemo(() => changesBetween(before, version), [before, version]);
  const isCurrent = version.number === bot.version;
  const name = t("bots.version", { number: version.number });
  return (
    <Fold
      name={name}
      summary={
        <Box
          sx={{ flex: 1, minWidth: 0, display: "flex", alignItems: "center", flexWrap: "wrap", columnGap: 1 }}
        >
          <Box component="span" sx={{ color: "text.primary", fontWeight: 550 }}>
            {name}
          </Box>
          <span>{[version.made_by, timeText(version.created_at)].filter(Boolean).join(" · ")}</span>
          {isCurrent && <Chip size="small" label={t("bots.current")} sx={{ ml: "auto" }} />}
        </Box>
      }
    >
      {changes.map((change) => (
        <Difference key={change.field} change={change} />
      ))}
      {!isCurrent && <Restore {...{ version, bot, isChanged, name }} />}
    </Fold>
  );
}

/** Taken away is struck through, added is underlined: colour alone says nothing. */
function Difference({ change: { field, before, after } }: { change: Change }) {
  const pieces = useMemo(() => diffWordsWithSpace(before, after), [before, after]);
  return (
    <Box sx={{ py: 0.75 }}>
      <Typography variant="caption" sx={{ display: "block", color: "text.secondary" }}>
        {t(field)}
      </Typography>
      <Box dir="auto" sx={differenceStyle}>
        {pieces.map(({ value, added, removed }, place) => {
          const Piece = added ? "ins" : removed ? "del" : "span";
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of two texts that never change
          return <Piece key={place}>{value}</Piece>;
        })}
      </Box>
    </Box>
  );
}

function Restore({ version, bot, isChanged, name }: Omit<Props, "before"> & { name: string }) {
  const old = { bot, version, isChanged };
  const restoring = useAction(restoreVersion);
  return (
    <Box sx={{ mt: 1 }}>
      {restoring.error && (
        <Alert severity="error" sx={{ mb: 1 }}>
          {restoring.error.message}
        </Alert>
      )}
      <Button
        size="small"
        variant="outlined"
        disabled={!restoreVersion.allowed(old)}
        loading={restoring.isPending}
        onClick={() => restoring.mutate(old)}
      >
        {t(restoreVersion.name, { name })}
      </Button>
    </Box>
  );
}

const differenceStyle = {
  whiteSpace: "pre-wrap",
  overflowWrap: "anywhere",
  "& ins": {
    textDecoration: "underline",
    textUnderlineOffset: "3px",
    color: "success.main",
    fontWeight: 550,
  },
  "& del": { color: "error.main" },
} as const;
