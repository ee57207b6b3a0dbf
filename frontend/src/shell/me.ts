import { createContext, useContext } from "react";
import type { Me } from "../api/types";

export const MeContext = createContext<Me | null>(null);

/** Who is signed in. Only below the entrance, where somebody is. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error("useMe stands outside of MeContext");
  return me;
}

export function useIsAdmin(): boolean {
  const { role } = useMe().workspace;
  return role === "owner" || role === "admin";
}
