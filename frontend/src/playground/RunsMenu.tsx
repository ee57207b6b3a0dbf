import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Menu from "@mui/material/Menu";
import MenuItem from "@mui/material/MenuItem";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Id } from "../api/types";
import { timeText } from "../i18n/format";
import { t } from "../i18n/t";
import { go } from "../routing/router";
import { DownIcon } from "../shell/icons";
import { runsQuery } from "./queries";

/** What was tried before: a day long, and for as long as it is kept. */
export function RunsMenu({ shown }: { shown: Id | null }) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const close = () => setAnchor(null);
  return (
    <>
      <Button
        size="small"
        color="inherit"
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        endIcon={<DownIcon />}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        {t("playground.runs")}
      </Button>
      <Menu
        anchorEl={anchor}
        open={anchor !== null}
        onClose={close}
        slotProps={{ paper: { sx: { width: 320, maxWidth: "calc(100vw - 32px)", maxHeight: "60vh" } } }}
      >
        {anchor && <Lines shown={shown} onPick={close} />}
      </Menu>
    </>
  );
}

function Lines({ shown, onPick }: { shown: Id | null; onPick: () => void }) {
  const runs = useQuery(runsQuery).data ?? [];
  if (runs.length === 0) return <MenuItem disabled>{t("playground.noRuns")}</MenuItem>;
  const pick = (run: Id) => {
    onPick();
    go({ room: "playground", run, preset: null });
  };
  return runs.map(({ id, title, created_at }) => (
    <MenuItem key={id} selected={id === shown} onClick={() => pick(id)}>
      <Box sx={{ minWidth: 0 }}>
        <Box dir="auto" sx={{ overflow: "hidden", textOverflow: "ellipsis" }}>
          {title || t("conversation.untitled")}
        </Box>
        <Box sx={{ fontSize: "0.8125rem", color: "text.secondary" }}>{timeText(created_at)}</Box>
      </Box>
    </MenuItem>
  ));
}
