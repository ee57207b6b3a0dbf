import Box from "@mui/material/Box";
import ListSubheader from "@mui/material/ListSubheader";
import MenuItem from "@mui/material/MenuItem";
import { useTheme } from "@mui/material/styles";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import useMediaQuery from "@mui/material/useMediaQuery";
import { type ComponentType, lazy, Suspense } from "react";
import { KeysPage } from "../accounts/KeysPage";
import { ProfilePage } from "../accounts/ProfilePage";
import { SessionsPage } from "../accounts/SessionsPage";
import type { Key } from "../i18n/t";
import { t } from "../i18n/t";
import { PromptsPage } from "../prompts/PromptsPage";
import { ModelsPage } from "../providers/ModelsPage";
import { go, RouteLink } from "../routing/router";
import type { SettingsPage } from "../routing/routes";
import { HeaderLine, useDocumentTitle } from "../shell/Header";
import { useIsAdmin } from "../shell/me";
import { Waiting } from "../shell/Waiting";
import { layout, radius } from "../theme";
import { AppearancePage } from "./AppearancePage";

type Page = { name: Key; room: ComponentType };

const PAGES: Readonly<Record<SettingsPage, Page>> = {
  profile: { name: "settings.profile", room: ProfilePage },
  appearance: { name: "settings.appearance", room: AppearancePage },
  prompts: { name: "settings.prompts", room: PromptsPage },
  keys: { name: "settings.keys", room: KeysPage },
  sessions: { name: "settings.sessions", room: SessionsPage },
  data: { name: "settings.data", room: lazy(() => import("../keeping/DataPage")) },
  workspace: { name: "settings.workspace", room: lazy(() => import("../accounts/WorkspacePage")) },
  people: { name: "settings.people", room: lazy(() => import("../accounts/PeoplePage")) },
  usage: { name: "settings.usage", room: lazy(() => import("../usage/UsagePage")) },
  budgets: { name: "settings.budgets", room: lazy(() => import("../usage/BudgetsPage")) },
  retention: { name: "settings.retention", room: lazy(() => import("../keeping/RetentionPage")) },
  health: { name: "settings.health", room: lazy(() => import("../keeping/HealthPage")) },
  models: { name: "settings.models", room: ModelsPage },
  rules: { name: "settings.rules", room: lazy(() => import("../providers/RulesPage")) },
};

type Group = { name: Key; pages: readonly SettingsPage[]; isForAdmins: boolean };

/** In the order in which they stand on the screen. A page that stands in no group is shown to nobody. */
const GROUPS: readonly Group[] = [
  {
    name: "settings.yours",
    pages: ["profile", "appearance", "prompts", "keys", "sessions", "data"],
    isForAdmins: false,
  },
  {
    name: "settings.workspace",
    pages: ["workspace", "people", "models", "rules", "usage", "budgets", "retention", "health"],
    isForAdmins: true,
  },
];

export default function SettingsRoom({ page }: { page: SettingsPage }) {
  const isAdmin = useIsAdmin();
  const isWide = useMediaQuery(useTheme().breakpoints.up("md"));
  useDocumentTitle(t("settings.title"));
  const groups = GROUPS.filter((group) => isAdmin || !group.isForAdmins);
  const shown = groups.some(({ pages }) => pages.includes(page)) ? page : "profile";
  const { name, room: Shown } = PAGES[shown];
  const Pages = isWide ? PageList : PageChoice;
  return (
    <>
      <HeaderLine>
        <Typography variant="h2" component="h1">
          {t("settings.title")}
        </Typography>
      </HeaderLine>
      <Box component="main" sx={{ flex: 1, minHeight: 0, overflowY: "auto" }}>
        <Box
          sx={{
            display: { md: "flex" },
            gap: 4,
            maxWidth: layout.settingsWidth + layout.settingsListWidth,
            mx: "auto",
            px: { xs: 2, sm: 3 },
            pt: 1,
            pb: 6,
          }}
        >
          <Pages groups={groups} shown={shown} />
          <Box component="section" aria-label={t(name)} sx={{ flex: 1, minWidth: 0 }}>
            <Suspense fallback={<Waiting />}>
              <Shown />
            </Suspense>
          </Box>
        </Box>
      </Box>
    </>
  );
}

type PagesProps = { groups: readonly Group[]; shown: SettingsPage };

/** Beside the page, where there is room for both. */
function PageList({ groups, shown }: PagesProps) {
  return (
    <Box
      component="nav"
      aria-label={t("settings.pages")}
      sx={{
        width: layout.settingsListWidth - 32,
        flex: "none",
        position: "sticky",
        top: 0,
        alignSelf: "start",
      }}
    >
      {groups.map(({ name, pages }) => (
        <Box key={name} sx={{ mb: 2 }}>
          {groups.length > 1 && (
            <Typography
              variant="caption"
              component="h2"
              sx={{ px: 1.5, py: 0.5, color: "text.secondary", fontWeight: 550 }}
            >
              {t(name)}
            </Typography>
          )}
          {pages.map((page) => (
            <Box
              key={page}
              component={RouteLink}
              to={{ room: "settings", page }}
              aria-current={page === shown ? "page" : undefined}
              sx={{
                display: "block",
                px: 1.5,
                py: 0.75,
                borderRadius: radius.medium,
                fontSize: "0.9375rem",
                color: "text.primary",
                textDecoration: "none",
                "&:hover": { bgcolor: "background.hover" },
                "&[aria-current]": { bgcolor: "background.selected", fontWeight: 550 },
              }}
            >
              {t(PAGES[page].name)}
            </Box>
          ))}
        </Box>
      ))}
    </Box>
  );
}

/** On a phone: one field above the page. */
function PageChoice({ groups, shown }: PagesProps) {
  return (
    <TextField
      select
      label={t("settings.page")}
      value={shown}
      onChange={(event) => go({ room: "settings", page: event.target.value as SettingsPage })}
      sx={{ mt: 1, mb: 3 }}
    >
      {groups.flatMap(({ name, pages }) => [
        <ListSubheader key={name} sx={{ lineHeight: "32px" }}>
          {t(name)}
        </ListSubheader>,
        ...pages.map((page) => (
          <MenuItem key={page} value={page}>
            {t(PAGES[page].name)}
          </MenuItem>
        )),
      ])}
    </TextField>
  );
}
