import type { Role } from "../api/types";
import { type Key, t } from "../i18n/t";

const NAMES = {
  owner: "role.owner",
  admin: "role.admin",
  member: "role.member",
  guest: "role.guest",
} as const satisfies Record<Role, Key>;

export const ROLES: readonly Role[] = ["owner", "admin", "member", "guest"];

export const roleText = (role: Role) => t(NAMES[role]);
