// What can be done in a bot's editor. What the server says against it is shown beside the fields, by whoever performs.

import type { BotDetail, BotVersion } from "../api/types";
import { audienceOf, type BotFields, draftOf, fieldsOfVersion } from "../bots/fields";
import { botQuery, botsQuery, createBot, updateBot, versionsQuery } from "../bots/queries";
import { t } from "../i18n/t";
import { go } from "../routing/router";
import { DoneIcon, RetryIcon } from "../shell/icons";
import type { Parley } from "../shell/parley";
import type { Action } from "./action";

/** `known`: the bot as it is stored; undefined while it is being made. */
export type Edited = {
  known: BotDetail | undefined;
  fields: BotFields;
  isChanged: boolean;
  /** What was typed is stored: it need not be kept beside. */
  forget: () => void;
};

export const saveBot: Action<Edited> = {
  name: "action.save",
  icon: DoneIcon,
  allowed: ({ known, isChanged }) => isChanged || !known,
  perform: async (parley, { known, fields, forget }) => {
    const [draft, audience] = [draftOf(fields), audienceOf(fields)];
    const bot = known
      ? await updateBot(known.id, known.version, draft, known.is_default ? undefined : audience)
      : await createBot(draft, audience);
    forget();
    await showStored(parley, bot);
    parley.toast.set(t("settings.saved"));
    if (!known) go({ room: "bots", bot: bot.id }, "replace");
  },
};

/** Of an older one, where nothing unsaved stands in the editor. */
export type OldVersion = { bot: BotDetail; version: BotVersion; isChanged: boolean };

export const restoreVersion: Action<OldVersion> = {
  name: "bots.restore",
  icon: RetryIcon,
  allowed: ({ bot, version, isChanged }) => !isChanged && version.number !== bot.version,
  perform: async (parley, { bot, version }) => {
    const draft = draftOf(fieldsOfVersion(version));
    // A model that is gone cannot come back with the version that had it.
    const model = draft.model ?? bot.model?.id ?? null;
    await showStored(parley, await updateBot(bot.id, bot.version, { ...draft, model }));
    parley.toast.set(t("bots.restored", { name: t("bots.version", { number: version.number }) }));
  },
};

async function showStored({ queries }: Parley, bot: BotDetail): Promise<void> {
  queries.setQueryData(botQuery(bot.id).queryKey, bot);
  await queries.invalidateQueries({ queryKey: botsQuery.queryKey });
  await queries.invalidateQueries({ queryKey: versionsQuery(bot.id).queryKey });
}
