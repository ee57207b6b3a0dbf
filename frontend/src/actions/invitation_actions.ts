import { type Invited, invitationsQuery, invite, revokeInvitation } from "../accounts/people";
import type { Invitation, NewInvitation } from "../api/types";
import { t } from "../i18n/t";
import { AddIcon, DeleteIcon } from "../shell/icons";
import type { Action } from "./action";

/** The link itself is given once, here. */
export const inviteSomebody: Action<Invited, NewInvitation> = {
  name: "invitations.make",
  icon: AddIcon,
  allowed: () => true,
  perform: async (parley, wish) => {
    const made = await invite(wish);
    await parley.queries.invalidateQueries({ queryKey: invitationsQuery.queryKey });
    return made;
  },
};

export const revoke: Action<Invitation> = {
  name: "invitations.revoke",
  icon: DeleteIcon,
  allowed: () => true,
  perform: async (parley, { id }) => {
    try {
      await revokeInvitation(id);
      parley.toast.set(t("invitations.revoked"));
    } finally {
      await parley.queries.invalidateQueries({ queryKey: invitationsQuery.queryKey });
    }
  },
};
