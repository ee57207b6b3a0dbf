// The people of the workspace and its invitations, as owners and admins read and change them.

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { get, patch, post, remove } from "../api/client";
import type {
  Belongings,
  Id,
  Invitation,
  NewInvitation,
  Page,
  PeoplePage,
  Person,
  Role,
  Welcome,
} from "../api/types";

const PAGE_SIZE = 50;

export const PEOPLE = ["people"] as const;

export type PeopleFilter = { words: string; role: Role | ""; isActive: boolean | null };

export const peopleQuery = ({ words, role, isActive }: PeopleFilter) =>
  infiniteQueryOptions({
    queryKey: [...PEOPLE, words, role, isActive],
    queryFn: ({ pageParam, signal }) =>
      get<PeoplePage>("/api/v1/people", {
        signal,
        query: {
          q: words,
          role,
          active: isActive === null ? null : String(isActive),
          limit: PAGE_SIZE,
          cursor: pageParam,
        },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 0,
  });

const path = (id: Id) => `/api/v1/people/${encodeURIComponent(id)}`;

export const changePerson = (id: Id, change: { role?: Role; active?: boolean }) =>
  patch<Person>(path(id), change);

export const removePerson = (id: Id) => remove(path(id));

export const linkForPerson = (id: Id) => post<{ token: string }>(`${path(id)}/sign-in-link`);

export const signOutPerson = (id: Id) => post<null>(`${path(id)}/sign-out`);

export const belongingsQuery = (id: Id) =>
  queryOptions({
    queryKey: ["belongings", id],
    queryFn: ({ signal }) => get<Belongings>(`${path(id)}/belongings`, { signal }),
    staleTime: 0,
  });

export const invitationsQuery = queryOptions({
  queryKey: ["invitations"],
  queryFn: async ({ signal }) => (await get<Page<Invitation>>("/api/v1/invitations", { signal })).items,
  staleTime: 0,
});

export type Invited = { role: Role; days: number; most_uses: number; note: string };

export const invite = (given: Invited) => post<NewInvitation>("/api/v1/invitations", given);

export const revokeInvitation = (id: Id) => remove(`/api/v1/invitations/${encodeURIComponent(id)}`);

const joining = (token: string) => `/api/v1/joining/${encodeURIComponent(token)}`;

export const welcomeQuery = (token: string) =>
  queryOptions({
    queryKey: ["welcome", token],
    queryFn: ({ signal }) => get<Welcome>(joining(token), { signal }),
    retry: false,
  });

export const join = (token: string, given: { email: string; name: string; password: string }) =>
  post<null>(joining(token), given);
