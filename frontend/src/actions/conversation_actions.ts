import type { ConversationSummary } from "../api/types";
import { DeleteIcon, EditIcon } from "../shell/icons";
import type { Action } from "./action";

export const rename: Action<ConversationSummary> = {
  name: "action.rename",
  icon: EditIcon,
  allowed: () => true,
  perform: (parley, conversation) => parley.dialog.set({ type: "rename", conversation }),
};

export const deleteIt: Action<ConversationSummary> = {
  name: "action.delete",
  icon: DeleteIcon,
  allowed: () => true,
  perform: (parley, conversation) => parley.dialog.set({ type: "delete", conversation }),
};

/** In the order in which menus offer them. */
export const conversationActions: readonly Action<ConversationSummary>[] = [rename, deleteIt];
