// The ways in, and the way out that leads to another one in.

import { join } from "../accounts/people";
import { meQuery, signIn, signOut, signUp } from "../accounts/session";
import { currentRoute, go } from "../routing/router";
import { DoneIcon } from "../shell/icons";
import type { Parley } from "../shell/parley";
import type { Action } from "./action";
import { leave } from "./app_actions";

export type Credentials = { email: string; password: string };

export const enter: Action<Credentials> = {
  name: "signIn.do",
  icon: DoneIcon,
  allowed: () => true,
  perform: async (parley, { email, password }) => {
    await signIn(email, password);
    await goIn(parley);
  },
};

export const makeAccount: Action<Credentials> = {
  name: "signUp.do",
  icon: DoneIcon,
  allowed: () => true,
  perform: async (parley, { email, password }) => {
    await signUp(email, password);
    await goIn(parley);
  },
};

/** With the token of an invitation. */
export const joinWorkspace: Action<Credentials & { token: string; name: string }> = {
  name: "join.do",
  icon: DoneIcon,
  allowed: () => true,
  perform: async (parley, { token, ...given }) => {
    await join(token, given);
    go({ room: "new" }, "replace");
    await parley.signedIn();
  },
};

/** Out, and not away: whoever holds an invitation goes on as somebody else. */
export const leaveToJoin: Action<null> = {
  ...leave,
  perform: async (parley) => {
    await signOut();
    parley.queries.setQueryData(meQuery.queryKey, null);
  },
};

async function goIn(parley: Parley): Promise<void> {
  if (currentRoute().room === "sign-in") go({ room: "new" }, "replace");
  await parley.signedIn();
}
