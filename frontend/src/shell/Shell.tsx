import Box from "@mui/material/Box";
import Drawer from "@mui/material/Drawer";
import useMediaQuery from "@mui/material/useMediaQuery";
import { lazy, Suspense, useEffect } from "react";
import { appActions } from "../actions/app_actions";
import { useShortcuts } from "../actions/useShortcut";
import { Sidebar } from "../conversations/Sidebar";
import { t } from "../i18n/t";
import { preloadMarkdown } from "../markdown/Prose";
import { useRoute } from "../routing/router";
import type { Route } from "../routing/routes";
import { layout } from "../theme";
import { Mishap } from "./Mishap";
import { useMe } from "./me";
import { NotHere } from "./NotHere";
import { useObservable } from "./observable";
import { useParley } from "./parley";
import { Waiting } from "./Waiting";

// Asked for at once, beside the server's first answers, so that nobody waits for it.
const loadingConversation = import("../conversation/ConversationRoom");
const ConversationRoom = lazy(() => loadingConversation);
const PRELOAD_AFTER_MS = 1500;
const SettingsRoom = lazy(() => import("../settings/SettingsRoom"));
const LibraryRoom = lazy(() => import("../conversations/LibraryRoom"));
const BotsRoom = lazy(() => import("../bots/BotsRoom"));
const SearchRoom = lazy(() => import("../conversations/SearchRoom"));
const PlaygroundRoom = lazy(() => import("../playground/PlaygroundRoom"));
const Dialogs = lazy(() => import("./Dialogs"));

/** Whoever presses its keys types on at once: what is typed must find it there. */
function preloadPalette(): () => void {
  const load = () => {
    // A browser remembers an import that failed: without a network, ask only when somebody needs it.
    if (navigator.onLine)
      void Promise.all([import("./Dialogs"), import("./CommandPalette")]).catch(() => undefined);
  };
  const timer = setTimeout(load, PRELOAD_AFTER_MS);
  return () => clearTimeout(timer);
}

/** Takes up what was left behind: also for posts that still wait for their files, whichever room is open. */
function useResumedUploads(): void {
  const parley = useParley();
  const { user } = useMe();
  useEffect(() => {
    void loadingConversation
      .then(({ attachmentsOf }) => attachmentsOf(parley).load(user.id))
      .catch(() => undefined);
  }, [parley, user.id]);
}

/** The frame around every room: conversations on the left, one room beside them. */
export function Shell() {
  const route = useRoute();
  useShortcuts(appActions, null);
  useEffect(preloadMarkdown, []);
  useEffect(preloadPalette, []);
  useResumedUploads();
  return (
    <Box sx={{ height: "100%", display: "flex" }}>
      <Side />
      <Box sx={{ flex: 1, minWidth: 0, display: "flex", flexDirection: "column" }}>
        <Mishap place={route.room}>
          <Suspense fallback={<Waiting />}>
            <Room route={route} />
          </Suspense>
        </Mishap>
      </Box>
      <OpenDialog />
    </Box>
  );
}

/** Loaded with the first dialog that is opened. */
function OpenDialog() {
  const { dialog } = useParley();
  const shown = useObservable(dialog);
  return <Suspense>{shown && <Dialogs shown={shown} onClose={() => dialog.set(null)} />}</Suspense>;
}

function Room({ route }: { route: Route }) {
  switch (route.room) {
    case "conversation":
      return <ConversationRoom id={route.conversation} goTo={route.message} />;
    case "settings":
      return <SettingsRoom page={route.page} />;
    case "library":
      return <LibraryRoom shelf={route} />;
    case "bots":
      return <BotsRoom bot={route.bot} />;
    case "search":
      return <SearchRoom words={route.words} />;
    case "playground":
      return <PlaygroundRoom run={route.run} preset={route.preset} />;
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
  const isShown = useObservable(parley.isSidebarShown);
  if (isWide && !isShown) return null;
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
