// What can be done in a bot's editor. What the server says against it is shown beside the fields, by whoever performs.

import type { BotDetail, BotVersion, Id, Shape } from "../api/types";
import { audienceOf, type BotFields, draftOf, fieldsOfVersion, shapeOf } from "../bots/fields";
import { uploadPicture } from "../bots/picture";
import { botQuery, botsQuery, createBot, playDraft, updateBot, versionsQuery } from "../bots/queries";
import { partsOf, say } from "../conversation/ask";
import { createTemporary } from "../conversations/queries";
import { t } from "../i18n/t";
import { newKey } from "../realtime/key";
import { go } from "../routing/router";
import { checkShape } from "../shapes/queries";
import { DoneIcon, ImageIcon, RetryIcon, SendIcon } from "../shell/icons";
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

/** The middle of it, small, as a file of one's own. */
export const addPicture: Action<File, Id> = {
  name: "bots.picture",
  icon: ImageIcon,
  allowed: () => true,
  perform: (_parley, file) => uploadPicture(file),
};

/** `shape`: what the example was judged by, and is shown as; `wrong` is empty where it fits. */
export type Judged = { wrong: string; shape: Shape; text: string };

export const checkExample: Action<{ fields: BotFields; text: string }, Judged> = {
  name: "bots.check",
  icon: DoneIcon,
  allowed: ({ fields }) => fields.shape !== "",
  perform: async (_parley, { fields, text }) => {
    const shape = shapeOf(fields);
    if (!shape) throw new Error(t("bots.noSchema"));
    return { wrong: await checkShape(shape, text), shape, text };
  },
};

/** Where a bot that is being edited is tried out. */
export type Trial = { conversation: Id; bot: Id };

type Tried = { fields: BotFields; text: string; user: Id; place: Trial | null; parent: Id | null };

/** Says it to the bot as it stands in the form, in a conversation that is not kept; the first words begin one. */
export const tryOut: Action<Tried & { begun: (place: Trial) => void }> = {
  name: "bots.tryIt",
  icon: SendIcon,
  allowed: ({ fields, text }) => fields.model !== "" && text.trim() !== "",
  perform: async (parley, { fields, text, user, place, parent, begun }) => {
    const draft = draftOf({ ...fields, name: fields.name.trim() || t("bots.nameless") });
    const { id: bot, version } = await playDraft(draft);
    const { name, avatar, colour, picture } = draft;
    const face = { id: bot, version, name, avatar, colour, picture, shape: fields.shape || null };
    parley.queries.setQueryData(["face", bot], { ...face, is_rule: false });
    const conversation = place?.conversation ?? (await createTemporary(bot)).id;
    begun({ conversation, bot });
    const said = { key: newKey(), user, conversation, bot, parent, isHeld: false };
    await say(parley, { ...said, parts: partsOf(text, []) });
  },
};

async function showStored({ queries }: Parley, bot: BotDetail): Promise<void> {
  queries.setQueryData(botQuery(bot.id).queryKey, bot);
  await queries.invalidateQueries({ queryKey: botsQuery.queryKey });
  await queries.invalidateQueries({ queryKey: versionsQuery(bot.id).queryKey });
}
