import Button from "@mui/material/Button";
import Menu from "@mui/material/Menu";
import MenuItem from "@mui/material/MenuItem";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Id } from "../api/types";
import { t } from "../i18n/t";
import { foldersQuery } from "./queries";

type Props = { onMove: (folder: Id | null) => void; isBusy: boolean };

/** Into which folder the chosen ones go. */
export function MoveMenu({ onMove, isBusy }: Props) {
  const folders = useQuery(foldersQuery).data ?? [];
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const move = (folder: Id | null) => {
    setAnchor(null);
    onMove(folder);
  };
  if (folders.length === 0) return null;
  return (
    <>
      <Button
        size="small"
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        disabled={isBusy}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        {t("library.move")}
      </Button>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        {folders.map(({ id, name }) => (
          <MenuItem key={id} onClick={() => move(id)}>
            {name}
          </MenuItem>
        ))}
        <MenuItem onClick={() => move(null)}>{t("library.noFolder")}</MenuItem>
      </Menu>
    </>
  );
}
