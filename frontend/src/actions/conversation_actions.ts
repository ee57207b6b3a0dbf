import type { ConversationSummary, Kept } from "../api/types";
import { showKept } from "../conversations/cache";
import { conversationKey, keepConversation } from "../conversations/queries";
import {
  ArchiveIcon,
  ClearIcon,
  DeleteIcon,
  DoneIcon,
  DownloadIcon,
  EditIcon,
  FolderIcon,
  PinIcon,
  ShareIcon,
} from "../shell/icons";
import type { Parley } from "../shell/parley";
import type { Action } from "./action";

type OnConversation = Action<ConversationSummary>;

async function keep(parley: Parley, { id }: ConversationSummary, changes: Partial<Kept>): Promise<void> {
  await keepConversation(id, changes);
  showKept(parley.queries);
}

export const rename: OnConversation = {
  name: "action.rename",
  icon: EditIcon,
  allowed: () => true,
  perform: (parley, conversation) => parley.dialog.set({ type: "rename", conversation }),
};

export const pin: OnConversation = {
  name: "action.pin",
  icon: PinIcon,
  allowed: ({ pinned, temporary }) => !pinned && !temporary,
  perform: (parley, conversation) => keep(parley, conversation, { pinned: true }),
};

export const unpin: OnConversation = {
  ...pin,
  name: "action.unpin",
  allowed: ({ pinned }) => pinned,
  perform: (parley, conversation) => keep(parley, conversation, { pinned: false }),
};

export const file: OnConversation = {
  name: "action.file",
  icon: FolderIcon,
  allowed: ({ temporary }) => !temporary,
  perform: (parley, conversation) => parley.dialog.set({ type: "file", conversation }),
};

export const archive: OnConversation = {
  name: "action.archive",
  icon: ArchiveIcon,
  allowed: ({ archived, temporary }) => !archived && !temporary,
  perform: async (parley, conversation) => {
    await keep(parley, conversation, { archived: true });
    const undo = () => keep(parley, conversation, { archived: false });
    parley.offerUndo("undo.archived", undo);
  },
};

export const unarchive: OnConversation = {
  ...archive,
  name: "action.unarchive",
  allowed: ({ archived }) => archived,
  perform: (parley, conversation) => keep(parley, conversation, { archived: false }),
};

/** What was begun as temporary stays after all. */
export const keepAfterAll: OnConversation = {
  name: "temporary.keep",
  icon: DoneIcon,
  allowed: ({ temporary }) => temporary,
  perform: async (parley, conversation) => {
    await keep(parley, conversation, { temporary: false });
    void parley.queries.invalidateQueries({ queryKey: conversationKey(conversation.id) });
  },
};

export const share: OnConversation = {
  name: "action.share",
  icon: ShareIcon,
  allowed: ({ temporary }) => !temporary,
  perform: (parley, conversation) => parley.dialog.set({ type: "share", conversation }),
};

export const takeAlong: OnConversation = {
  name: "action.export",
  icon: DownloadIcon,
  allowed: () => true,
  perform: (parley, conversation) => parley.dialog.set({ type: "export", conversation }),
};

/** Asks first: what was said cannot come back. */
export const clear: OnConversation = {
  name: "action.clear",
  icon: ClearIcon,
  allowed: () => true,
  perform: (parley, conversation) => parley.dialog.set({ type: "clear", conversation }),
};

/** At once on the screen; on the server when nobody has taken it back for a while. */
export const deleteIt: OnConversation = {
  name: "action.delete",
  icon: DeleteIcon,
  allowed: () => true,
  perform: (parley, conversation) => parley.removals.remove([conversation.id]),
};

/** In the order in which menus offer them. */
export const conversationActions: readonly OnConversation[] = [
  pin,
  unpin,
  rename,
  file,
  share,
  takeAlong,
  archive,
  unarchive,
  clear,
  deleteIt,
];
