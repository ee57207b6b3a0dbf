// How conversations are kept: what the dialogs of a conversation do, and the library with many at once.

import { Problem } from "../api/problem";
import type { ConversationSummary, Folder, Id, Kept, Share } from "../api/types";
import { showClearing, showKept, showTitle } from "../conversations/cache";
import {
  clearConversation,
  conversationsQuery,
  createFolder,
  deleteFolder,
  endShare,
  keepConversation,
  renameConversation,
  renameFolder,
  shareConversation,
  sharesQuery,
} from "../conversations/queries";
import { t } from "../i18n/t";
import { go } from "../routing/router";
import { addressOf, LIBRARY } from "../routing/routes";
import { CopyIcon, DeleteIcon, DoneIcon, ShareIcon } from "../shell/icons";
import type { Parley } from "../shell/parley";
import type { Action } from "./action";
import { clear, deleteIt } from "./conversation_actions";

type OfConversation<More> = { conversation: ConversationSummary } & More;

export const saveTitle: Action<OfConversation<{ title: string }>> = {
  name: "action.save",
  icon: DoneIcon,
  allowed: ({ title }) => title !== "",
  perform: async ({ queries }, { conversation: { id, version }, title }) => {
    try {
      const renamed = await renameConversation(id, title, version);
      showTitle(queries, id, title, renamed.version);
    } catch (problem) {
      // Somebody else was faster: what is shown is old.
      if (problem instanceof Problem && problem.status === 409) {
        void queries.invalidateQueries({ queryKey: conversationsQuery.queryKey });
      }
      throw problem;
    }
  },
};

/** `newFolder`: the name of one that is made for it. */
type Place = { folder: Id | null; newFolder: string; tags: string[] };

export const saveFiling: Action<OfConversation<Place>> = {
  name: "action.save",
  icon: DoneIcon,
  allowed: () => true,
  perform: async ({ queries }, { conversation, folder, newFolder, tags }) => {
    const into = newFolder ? (await createFolder(newFolder)).id : folder;
    await keepConversation(conversation.id, { folder: into, tags });
    showKept(queries);
  },
};

/** What the dialog of `clear` does. */
export const clearNow: Action<ConversationSummary> = {
  ...clear,
  perform: async ({ queries, announced }, { id }) => {
    await clearConversation(id);
    showClearing(queries, id);
    void queries.invalidateQueries({ queryKey: ["search"] });
    announced.set(t("announce.cleared"));
  },
};

/** `days`: null for ever. The link is copied at once. */
export const makeShare: Action<OfConversation<{ days: number | null }>> = {
  name: "share.make",
  icon: ShareIcon,
  allowed: () => true,
  perform: async (parley, { conversation: { id }, days }) => {
    const made = await shareConversation(id, days);
    await parley.queries.invalidateQueries({ queryKey: sharesQuery(id).queryKey });
    await copyLink(parley, made);
  },
};

export const copyShare: Action<Share> = {
  name: "share.copy",
  icon: CopyIcon,
  allowed: () => true,
  perform: copyLink,
};

export const endLink: Action<OfConversation<{ share: Share }>> = {
  name: "share.end",
  icon: DeleteIcon,
  allowed: () => true,
  perform: async ({ queries }, { conversation, share }) => {
    await endShare(share.id);
    await queries.invalidateQueries({ queryKey: sharesQuery(conversation.id).queryKey });
  },
};

export const saveFolder: Action<{ folder: Folder; name: string }> = {
  name: "action.save",
  icon: DoneIcon,
  allowed: ({ name }) => name.trim() !== "",
  perform: async ({ queries }, { folder, name }) => {
    await renameFolder(folder.id, name);
    showKept(queries);
  },
};

/** What lies in it stays. */
export const removeFolder: Action<Folder> = {
  name: "folder.delete",
  icon: DeleteIcon,
  allowed: () => true,
  perform: async ({ queries }, { id }) => {
    await deleteFolder(id);
    showKept(queries);
    go(LIBRARY, "replace");
  },
};

type Many = readonly ConversationSummary[];

/** Into another folder, put away or taken out. Where one is refused, those before it are done. */
export const keepMany: Action<{ rows: Many; changes: Partial<Kept> }> = {
  name: "library.move",
  icon: DoneIcon,
  allowed: ({ rows }) => rows.length > 0,
  perform: async ({ queries }, { rows, changes }) => {
    try {
      for (const { id } of rows) await keepConversation(id, changes);
    } finally {
      showKept(queries);
    }
  },
};

export const deleteMany: Action<Many> = {
  ...deleteIt,
  allowed: (rows) => rows.length > 0,
  perform: (parley, rows) => parley.removals.remove(rows.map(({ id }) => id)),
};

async function copyLink(parley: Parley, { token }: Share): Promise<void> {
  await parley.copy(window.location.origin + addressOf({ room: "shared", token }));
  parley.toast.set(t("share.copied"));
}
