// What owners and admins can do with a person. Their role is chosen in the row itself.

import { changePerson, PEOPLE, signOutPerson } from "../accounts/people";
import type { Person } from "../api/types";
import { t } from "../i18n/t";
import { DeleteIcon, GaugeIcon, LinkIcon, SignOutIcon, SwitchOffIcon } from "../shell/icons";
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

export const personActions: readonly OnPerson[] = [
  makeLink,
  limitPerson,
  signOutEverywhere,
  switchOff,
  switchOn,
  removeForEver,
];

export const nameOf = ({ name, email }: Person) => name || email;

async function switchPerson(parley: Parley, person: Person, active: boolean): Promise<void> {
  await changePerson(person.id, { active });
  await parley.queries.invalidateQueries({ queryKey: PEOPLE });
  const key = active ? "people.switchedOn" : "people.switchedOff";
  parley.toast.set(t(key, { name: nameOf(person) }));
}
