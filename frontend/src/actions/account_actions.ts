// What people do about their own account: their name and password, keys, and the browsers that are signed in.

import {
  createKey,
  deleteKey,
  endSession,
  keysQuery,
  sessionsQuery,
  updateMe,
  updateWorkspace,
} from "../accounts/queries";
import { changePassword, configQuery, meQuery } from "../accounts/session";
import type { ApiKey, NewApiKey, SignIn, WorkspaceChange } from "../api/types";
import { t } from "../i18n/t";
import { AddIcon, DeleteIcon, DoneIcon, SignOutIcon } from "../shell/icons";
import type { Action } from "./action";

export const saveName: Action<string> = {
  name: "action.save",
  icon: DoneIcon,
  allowed: () => true,
  perform: async (parley, name) => {
    const me = await updateMe({ name });
    parley.queries.setQueryData(meQuery.queryKey, me);
    parley.toast.set(t("settings.saved"));
  },
};

/** `current` is empty for who came by a link, and has no password yet. */
export const savePassword: Action<{ current: string; wanted: string }> = {
  name: "password.save",
  icon: DoneIcon,
  allowed: ({ wanted }) => wanted !== "",
  perform: async (parley, { current, wanted }) => {
    const known = current ? { current_password: current } : {};
    await changePassword({ ...known, new_password: wanted });
    parley.toast.set(t("password.saved"));
  },
};

/** The key itself is given once, here. */
export const makeKey: Action<string, NewApiKey> = {
  name: "keys.make",
  icon: AddIcon,
  allowed: (name) => name !== "",
  perform: async (parley, name) => {
    const made = await createKey(name);
    void parley.queries.invalidateQueries({ queryKey: keysQuery.queryKey });
    return made;
  },
};

export const removeKey: Action<ApiKey> = {
  name: "action.delete",
  icon: DeleteIcon,
  allowed: () => true,
  perform: async (parley, { id }) => {
    await deleteKey(id);
    await parley.queries.invalidateQueries({ queryKey: keysQuery.queryKey });
  },
};

export const endSignIn: Action<SignIn> = {
  name: "sessions.end",
  icon: SignOutIcon,
  allowed: ({ current }) => !current,
  perform: async (parley, { id }) => {
    await endSession(id);
    await parley.queries.invalidateQueries({ queryKey: sessionsQuery.queryKey });
  },
};

/** What holds for the whole workspace. */
export const changeWorkspace: Action<WorkspaceChange> = {
  name: "action.save",
  icon: DoneIcon,
  allowed: () => true,
  perform: async (parley, change) => {
    const me = parley.queries.getQueryData(meQuery.queryKey);
    if (!me) return;
    try {
      await updateWorkspace(me.workspace.version, change);
      parley.toast.set(t("settings.saved"));
    } finally {
      // Also after a refusal: it may be that somebody else was faster, and what is shown is old.
      const keys = [meQuery.queryKey, configQuery.queryKey];
      await Promise.all(keys.map((queryKey) => parley.queries.invalidateQueries({ queryKey })));
    }
  },
};
