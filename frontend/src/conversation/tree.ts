// Which messages of a conversation's tree are shown.

import type { Id, Message } from "../api/types";

/** The messages from the root down to `leaf`, or to the newest message when the leaf is unknown. */
export function branchTo(messages: readonly Message[], leaf: Id | null): Message[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  let at = (leaf && byId.get(leaf)) || messages.at(-1);
  const upwards = new Set<Message>();
  while (at && !upwards.has(at)) {
    upwards.add(at);
    at = at.parent ? byId.get(at.parent) : undefined;
  }
  return [...upwards].reverse();
}

/** The versions of each message, oldest first: same parent, same role. One array for all of them. */
export function siblingTable(messages: readonly Message[]): Map<Id, Message[]> {
  const families = { user: new Map<Id, Message[]>(), assistant: new Map<Id, Message[]>() };
  const table = new Map<Id, Message[]>();
  for (const message of messages) {
    const family = families[message.role];
    const parent = message.parent ?? "";
    const siblings = family.get(parent) ?? [];
    if (siblings.push(message) === 1) family.set(parent, siblings);
    table.set(message.id, siblings);
  }
  return table;
}

/** Where the branch that was written last below `from` ends: no message made last has a child. The server says the same. */
export function newestLeaf(messages: readonly Message[], from: Id): Id {
  const below = new Set<Id>([from]);
  let leaf = from;
  for (const { id, parent } of messages) {
    if (!parent || !below.has(parent)) continue;
    below.add(id);
    leaf = id;
  }
  return leaf;
}
