import { NewChatIcon, SearchIcon } from "../shell/icons";
import { go } from "../routing/router";
import type { Action } from "./action";

export const newChat: Action<null> = {
  name: "action.newChat",
  icon: NewChatIcon,
  shortcut: { key: "o", mod: true, shift: true },
  allowed: () => true,
  perform: (parley) => {
    go({ room: "new" });
    parley.isDrawerOpen.set(false);
    parley.focusWish.set("composer");
  },
};

export const search: Action<null> = {
  name: "action.search",
  icon: SearchIcon,
  shortcut: { key: "k", mod: true },
  allowed: () => true,
  perform: (parley) => {
    parley.isDrawerOpen.set(true);
    parley.focusWish.set("search");
  },
};
