// What owners and admins can do with a person.

import { changePerson, linkForPerson, PEOPLE, removePerson, signOutPerson } from "../accounts/people";
import { roleText } from "../accounts/roles";
import { meQuery } from "../accounts/session";
import type { Person, Role } from "../api/types";
import { t } from "../i18n/t";
import { DeleteIcon, DoneIcon, GaugeIcon, LinkIcon, SignOutIcon, SwitchOffIcon } from "../shell/icons";
import type { Parley } from "../shell/parley";
import type { Action } from "./action";

type OnPerson = Action<Person>;

export const makeLink: OnPerson = {
  name: "people.makeLink",
  icon: LinkIcon,
  allowed: ({ active }) => active,
  perform: (parley, person) => parley.dialog.set({ type: "person-link", person }),
};

export const signOutEverywhere: OnPerson = {
  name: "people.signOut",
  icon: SignOutIcon,
  allowed: ({ active, is_me }) => active && !is_me,
  perform: async (parley, person) => {
    await signOutPerson(person.id);
    parley.toast.set(t("people.signedOut", { name: nameOf(person) }));
  },
};

export const switchOff: OnPerson = {
  name: "people.switchOff",
  icon: SwitchOffIcon,
  allowed: ({ active, is_me }) => active && !is_me,
  perform: (parley, person) => switchPerson(parley, person, false),
};

export const switchOn: OnPerson = {
  name: "people.switchOn",
  icon: SwitchOffIcon,
  allowed: ({ active }) => !active,
  perform: (parley, person) => switchPerson(parley, person, true),
};

export const limitPerson: OnPerson = {
  name: "budgets.limitPerson",
  icon: GaugeIcon,
  allowed: () => true,
  perform: (parley, person) =>
    parley.dialog.set({ type: "budget", of: { user: person.id, name: nameOf(person) } }),
};

export const removeForEver: OnPerson = {
  name: "people.remove",
  icon: DeleteIcon,
  allowed: ({ is_me }) => !is_me,
  perform: (parley, person) => parley.dialog.set({ type: "person-removal", person }),
};

/** What the dialog of `makeLink` does: the link is given once, here. */
export const linkFor: Action<Person, { token: string }> = {
  ...makeLink,
  name: "people.linkMake",
  perform: (_parley, { id }) => linkForPerson(id),
};

/** What the dialog of `removeForEver` does, once the address was typed. */
export const removeNow: OnPerson = {
  ...removeForEver,
  name: "people.removeDo",
  perform: async (parley, person) => {
    await removePerson(person.id);
    await parley.queries.invalidateQueries({ queryKey: PEOPLE });
    parley.toast.set(t("people.removed", { name: nameOf(person) }));
  },
};

/** Chosen in the row itself. */
export const giveRole: Action<{ person: Person; role: Role }> = {
  name: "action.save",
  icon: DoneIcon,
  allowed: ({ person }) => person.may_manage && person.active,
  perform: async (parley, { person, role }) => {
    try {
      await changePerson(person.id, { role });
      parley.toast.set(t("people.roleGiven", { name: nameOf(person), role: roleText(role) }));
    } finally {
      const keys = [PEOPLE, ...(person.is_me ? [meQuery.queryKey] : [])];
      await Promise.all(keys.map((queryKey) => parley.queries.invalidateQueries({ queryKey })));
    }
  },
};

export const personActions: readonly OnPerson[] = [
  makeLink,
  limitPerson,
  signOutEverywhere,
  switchOff,
  switchOn,
  removeForEver,
];

export function nameOf({ name, email }: Person): string {
  return name || email;
}

async function switchPerson(parley: Parley, person: Person, active: boolean): Promise<void> {
  await changePerson(person.id, { active });
  await parley.queries.invalidateQueries({ queryKey: PEOPLE });
  const key = active ? "people.switchedOn" : "people.switchedOff";
  parley.toast.set(t(key, { name: nameOf(person) }));
}
