// Who is signed in, and the ways in and out: django-allauth's browser client.

import { queryOptions } from "@tanstack/react-query";
import { get, post, remove } from "../api/client";
import { Problem } from "../api/problem";
import type { Config, Me } from "../api/types";

/** Null: nobody is signed in. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }): Promise<Me | null> => {
    try {
      return await get<Me>("/api/v1/me", { signal });
    } catch (problem) {
      if (problem instanceof Problem && problem.status === 401) return null;
      throw problem;
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
});

/** Its answer also sets the CSRF cookie, which every write needs. */
export const configQuery = queryOptions({
  queryKey: ["config"],
  queryFn: ({ signal }) => get<Config>("/api/v1/config", { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

const AUTH = "/_allauth/browser/v1";
const ALREADY_SIGNED_IN = 409;

async function throughUnlessSignedIn(attempt: Promise<unknown>): Promise<void> {
  try {
    await attempt;
  } catch (problem) {
    // Another tab was faster: that is what was wanted.
    if (!(problem instanceof Problem) || problem.status !== ALREADY_SIGNED_IN) throw problem;
  }
}

export const signIn = (email: string, password: string) =>
  throughUnlessSignedIn(post(`${AUTH}/auth/login`, { email, password }));

export const signUp = (email: string, password: string) =>
  throughUnlessSignedIn(post(`${AUTH}/auth/signup`, { email, password }));

export const changePassword = (given: { current_password?: string; new_password: string }) =>
  post<unknown>(`${AUTH}/account/password/change`, given);

export async function signOut(): Promise<void> {
  try {
    await remove(`${AUTH}/auth/session`);
  } catch (problem) {
    // allauth says 401 for "nobody is signed in now", which is success here.
    if (!(problem instanceof Problem) || problem.status !== 401) throw problem;
  }
}
