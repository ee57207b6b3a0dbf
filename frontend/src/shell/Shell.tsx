import Box from "@mui/material/Box";
import Drawer from "@mui/material/Drawer";
import useMediaQuery from "@mui/material/useMediaQuery";
import { lazy, Suspense, useEffect } from "react";
import { newChat, search } from "../actions/app_actions";
import { useShortcut } from "../actions/useShortcut";
import { ConversationRoom } from "../conversation/ConversationRoom";
import { ConversationDialogs } from "../conversations/ConversationDialogs";
import { Sidebar } from "../conversations/Sidebar";
import { t } from "../i18n/t";
import { preloadMarkdown } from "../markdown/Prose";
import { useRoute } from "../routing/router";
import type { Route } from "../routing/routes";
import { layout } from "../theme";
import { NotHere } from "./NotHere";
import { useObservable } from "./observable";
import { useParley } from "./parley";
import { Waiting } from "./Waiting";

const SettingsRoom = lazy(() => import("../settings/SettingsRoom"));
const SearchRoom = lazy(() => import("../conversations/SearchRoom"));

/** The frame around every room: conversations on the left, one room beside them. */
export function Shell() {
  const route = useRoute();
  useShortcut(newChat, null);
  useShortcut(search, null);
  useEffect(preloadMarkdown, []);
  return (
    <Box sx={{ height: "100%", display: "flex" }}>
      <Side />
      <Box sx={{ flex: 1, minWidth: 0, display: "flex", flexDirection: "column" }}>
        <Suspense fallback={<Waiting />}>
          <Room route={route} />
        </Suspense>
      </Box>
      <ConversationDialogs />
    </Box>
  );
}

function Room({ route }: { route: Route }) {
  switch (route.room) {
    case "conversation":
      return <ConversationRoom id={route.conversation} goTo={route.message} />;
    case "settings":
      return <SettingsRoom page={route.page} />;
    case "search":
      return <SearchRoom words={route.words} />;
    case "unknown":
      return <NotHere />;
    default:
      return <ConversationRoom id={null} />;
  }
}

function Side() {
  const parley = useParley();
  const isWide = useMediaQuery("(min-width: 900px)", { noSsr: true });
  const isOpen = useObservable(parley.isDrawerOpen);
  if (isWide) {
    return (
      <Box component="nav" aria-label={t("sidebar.label")} sx={{ width: layout.sidebarWidth, flex: "none" }}>
        <Sidebar />
      </Box>
    );
  }
  return (
    <Drawer
      open={isOpen}
      onClose={() => parley.isDrawerOpen.set(false)}
      slotProps={{
        paper: {
          component: "nav",
          "aria-label": t("sidebar.label"),
          sx: { width: layout.sidebarWidth, maxWidth: "85vw" },
        },
      }}
    >
      <Sidebar />
    </Drawer>
  );
}
