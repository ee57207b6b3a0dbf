import Box from "@mui/material/Box";
import { useQuery } from "@tanstack/react-query";
import type { ComponentType } from "react";
import { t } from "../i18n/t";
import { RouteLink, useRoute } from "../routing/router";
import { LIBRARY, type Route } from "../routing/routes";
import { BotIcon, FolderIcon, LibraryIcon, PlaygroundIcon } from "../shell/icons";
import { useParley } from "../shell/parley";
import { radius } from "../theme";
import { foldersQuery } from "./queries";

const BOTS = { room: "bots", bot: null } as const;

/** The ways to what is not in the list below: everything, and each folder. */
export function Shelves() {
  const route = useRoute();
  const folders = useQuery(foldersQuery).data ?? [];
  const isAt = (folder: string | null) => route.room === "library" && route.folder === folder;
  return (
    <Box component="ul" aria-label={t("library.shelves")} sx={{ m: 0, p: 0, listStyle: "none" }}>
      <Shelf to={BOTS} icon={BotIcon} name={t("bots.title")} isShown={route.room === "bots"} />
      <Shelf to={LIBRARY} icon={LibraryIcon} name={t("library.title")} isShown={isAt(null)} />
      <Shelf
        to={{ room: "playground", run: null, preset: null }}
        icon={PlaygroundIcon}
        name={t("playground.title")}
        isShown={route.room === "playground"}
      />
      {folders.map(({ id, name }) => (
        <Shelf key={id} to={{ ...LIBRARY, folder: id }} icon={FolderIcon} name={name} isShown={isAt(id)} />
      ))}
    </Box>
  );
}

type Props = { to: Route; icon: ComponentType; name: string; isShown: boolean };

function Shelf({ to, icon: Icon, name, isShown }: Props) {
  const { isDrawerOpen } = useParley();
  return (
    <Box component="li">
      <Box
        component={RouteLink}
        to={to}
        aria-current={isShown ? "page" : undefined}
        onClick={() => isDrawerOpen.set(false)}
        sx={{
          display: "flex",
          alignItems: "center",
          gap: 1.25,
          px: 1.5,
          py: 0.8,
          fontSize: "0.875rem",
          color: "inherit",
          textDecoration: "none",
          borderRadius: radius.medium,
          bgcolor: isShown ? "background.selected" : undefined,
          "&:hover": { bgcolor: isShown ? "background.selected" : "background.hover" },
          "& > svg": { color: "text.secondary" },
        }}
      >
        <Icon />
        <Box component="span" sx={{ overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" }}>
          {name}
        </Box>
      </Box>
    </Box>
  );
}
