import Box from "@mui/material/Box";
import Tab from "@mui/material/Tab";
import Tabs from "@mui/material/Tabs";
import Typography from "@mui/material/Typography";
import type { ComponentType } from "react";
import { KeysPage } from "../accounts/KeysPage";
import { ProfilePage } from "../accounts/ProfilePage";
import { SessionsPage } from "../accounts/SessionsPage";
import { WorkspacePage } from "../accounts/WorkspacePage";
import { BotsPage } from "../bots/BotsPage";
import type { Key } from "../i18n/t";
import { t } from "../i18n/t";
import { ModelsPage } from "../providers/ModelsPage";
import { go } from "../routing/router";
import { SETTINGS_PAGES, type SettingsPage } from "../routing/routes";
import { HeaderLine, useDocumentTitle } from "../shell/Header";
import { useIsAdmin } from "../shell/me";
import { layout } from "../theme";
import { AppearancePage } from "./AppearancePage";

type Page = { name: Key; room: ComponentType; isForAdmins: boolean };

const PAGES: Readonly<Record<SettingsPage, Page>> = {
  profile: { name: "settings.profile", room: ProfilePage, isForAdmins: false },
  appearance: { name: "settings.appearance", room: AppearancePage, isForAdmins: false },
  models: { name: "settings.models", room: ModelsPage, isForAdmins: true },
  bots: { name: "settings.bots", room: BotsPage, isForAdmins: false },
  keys: { name: "settings.keys", room: KeysPage, isForAdmins: false },
  sessions: { name: "settings.sessions", room: SessionsPage, isForAdmins: false },
  workspace: { name: "settings.workspace", room: WorkspacePage, isForAdmins: true },
};

export default function SettingsRoom({ page }: { page: SettingsPage }) {
  const isAdmin = useIsAdmin();
  useDocumentTitle(t("settings.title"));
  const pages = SETTINGS_PAGES.filter((name) => isAdmin || !PAGES[name].isForAdmins);
  const shown = pages.includes(page) ? page : "profile";
  const { name, room: Shown } = PAGES[shown];
  return (
    <>
      <HeaderLine>
        <Typography variant="h2" component="h1">
          {t("settings.title")}
        </Typography>
      </HeaderLine>
      <Box component="main" sx={{ flex: 1, minHeight: 0, overflowY: "auto" }}>
        <Box sx={{ maxWidth: layout.settingsWidth, mx: "auto", px: { xs: 2, sm: 3 }, pb: 6 }}>
          <Tabs
            value={shown}
            onChange={(_event, wanted: SettingsPage) => go({ room: "settings", page: wanted })}
            variant="scrollable"
            allowScrollButtonsMobile
            aria-label={t("settings.pages")}
            sx={{ borderBottom: 1, borderColor: "divider", mb: 3 }}
          >
            {pages.map((wanted) => (
              <Tab
                key={wanted}
                value={wanted}
                label={t(PAGES[wanted].name)}
                id={`settings-tab-${wanted}`}
                aria-controls="settings-page"
                sx={{ minWidth: 0, px: 1.5 }}
              />
            ))}
          </Tabs>
          <Box
            role="tabpanel"
            id="settings-page"
            aria-labelledby={`settings-tab-${shown}`}
            aria-label={t(name)}
          >
            <Shown />
          </Box>
        </Box>
      </Box>
    </>
  );
}
