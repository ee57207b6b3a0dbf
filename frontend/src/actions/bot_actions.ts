import type { Bot } from "../api/types";
import { pickBot } from "../bots/choice";
import { archiveBot, botsQuery, restoreBot } from "../bots/queries";
import { t } from "../i18n/t";
import { go } from "../routing/router";
import { AddIcon, DeleteIcon, EditIcon, RetryIcon, TalkIcon } from "../shell/icons";
import type { Action } from "./action";

export const talkTo: Action<Bot> = {
  name: "bots.talk",
  icon: TalkIcon,
  allowed: ({ model }) => model !== null,
  perform: (parley, { id }) => {
    pickBot(null, id);
    go({ room: "new" });
    parley.focusWish.set("composer");
  },
};

export const editBot: Action<Bot> = {
  name: "action.edit",
  icon: EditIcon,
  allowed: ({ may_edit }) => may_edit,
  perform: (_parley, { id }) => go({ room: "bots", bot: id }),
};

export const newBot: Action<null> = {
  name: "bots.make",
  icon: AddIcon,
  allowed: () => true,
  perform: () => go({ room: "bots", bot: "new" }),
};

/** A deleted one answers again, with all its versions. */
export const bringBackBot: Action<Bot> = {
  name: "bots.bringBack",
  icon: RetryIcon,
  allowed: ({ may_edit }) => may_edit,
  perform: async (parley, { id, name }) => {
    await restoreBot(id);
    await parley.queries.invalidateQueries({ queryKey: botsQuery.queryKey });
    parley.toast.set(t("bots.broughtBack", { name }));
  },
};

/** It answers no more, until that is undone; what it said stays. */
export const deleteBot: Action<Bot> = {
  name: "action.delete",
  icon: DeleteIcon,
  allowed: ({ may_edit, is_default }) => may_edit && !is_default,
  perform: async (parley, { id }) => {
    const refresh = () => parley.queries.invalidateQueries({ queryKey: botsQuery.queryKey });
    await archiveBot(id);
    parley.offerUndo("bots.deleted", async () => {
      await restoreBot(id);
      await refresh();
    });
    await refresh();
  },
};
