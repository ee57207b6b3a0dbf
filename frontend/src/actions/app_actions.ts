// What can be done anywhere. The palette and the help sheet read this list; shortcuts listen for it.

import { signOut } from "../accounts/session";
import { go } from "../routing/router";
import {
  BotIcon,
  HelpIcon,
  MoonIcon,
  NewChatIcon,
  PaletteIcon,
  PlaygroundIcon,
  SearchIcon,
  SettingsIcon,
  SidebarIcon,
  SignOutIcon,
  TemporaryIcon,
} from "../shell/icons";
import type { Action } from "./action";

export const newChat: Action<null> = {
  name: "action.newChat",
  icon: NewChatIcon,
  shortcut: { key: "o", mod: true, shift: true },
  allowed: () => true,
  perform: (parley) => {
    parley.isTemporary.set(false);
    go({ room: "new" });
    parley.isDrawerOpen.set(false);
    parley.focusWish.set("composer");
  },
};

export const temporaryChat: Action<null> = {
  name: "action.temporaryChat",
  icon: TemporaryIcon,
  allowed: () => true,
  perform: (parley) => {
    parley.isTemporary.set(true);
    go({ room: "new" });
    parley.isDrawerOpen.set(false);
    parley.focusWish.set("composer");
  },
};

export const palette: Action<null> = {
  name: "action.palette",
  icon: PaletteIcon,
  shortcut: { key: "k", mod: true },
  allowed: () => true,
  perform: (parley) => parley.dialog.set({ type: "palette" }),
};

export const search: Action<null> = {
  name: "action.search",
  icon: SearchIcon,
  shortcut: { key: "f", mod: true, shift: true },
  allowed: () => true,
  perform: (parley) => {
    parley.isSidebarShown.set(true);
    parley.isDrawerOpen.set(true);
    parley.focusWish.set("search");
  },
};

export const toggleSidebar: Action<null> = {
  name: "action.sidebar",
  icon: SidebarIcon,
  shortcut: { key: "s", mod: true, shift: true },
  allowed: () => true,
  perform: (parley) => {
    parley.isSidebarShown.set(!parley.isSidebarShown.get());
    parley.isDrawerOpen.set(false);
  },
};

export const writeMessage: Action<null> = {
  name: "action.write",
  icon: NewChatIcon,
  shortcut: { key: "Escape", shift: true },
  allowed: () => true,
  perform: (parley) => parley.focusWish.set("composer"),
};

export const appearance: Action<null> = {
  name: "action.appearance",
  icon: MoonIcon,
  allowed: () => true,
  perform: () => go({ room: "settings", page: "appearance" }),
};

export const openSettings: Action<null> = {
  name: "settings.title",
  icon: SettingsIcon,
  shortcut: { key: ",", mod: true },
  allowed: () => true,
  perform: (parley) => {
    parley.isDrawerOpen.set(false);
    go({ room: "settings", page: "profile" });
  },
};

export const openPlayground: Action<null> = {
  name: "playground.title",
  icon: PlaygroundIcon,
  shortcut: { key: "l", mod: true, shift: true },
  allowed: () => true,
  perform: (parley) => {
    parley.isDrawerOpen.set(false);
    go({ room: "playground", run: null, preset: null });
  },
};

export const openBots: Action<null> = {
  name: "bots.title",
  icon: BotIcon,
  allowed: () => true,
  perform: (parley) => {
    parley.isDrawerOpen.set(false);
    go({ room: "bots", bot: null });
  },
};

export const help: Action<null> = {
  name: "action.help",
  icon: HelpIcon,
  shortcut: { key: "/", mod: true },
  allowed: () => true,
  perform: (parley) => parley.dialog.set({ type: "help" }),
};

export const leave: Action<null> = {
  name: "account.signOut",
  icon: SignOutIcon,
  allowed: () => true,
  perform: async (parley) => {
    await signOut();
    parley.signedOut();
  },
};

export const appActions: readonly Action<null>[] = [
  newChat,
  temporaryChat,
  palette,
  search,
  writeMessage,
  toggleSidebar,
  openPlayground,
  openBots,
  openSettings,
  appearance,
  help,
];
