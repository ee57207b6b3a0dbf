// Which messages of a conversation's tree are shown.

import type { Id, Message } from "../api/types";

/** The messages from the root down to `leaf`, or to the newest message when the leaf is unknown. */
export function branchTo(messages: readonly Message[], leaf: Id | null): Message[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  let at = (leaf && byId.get(leaf)) || messages.at(-1);
  const branch: Message[] = [];
  while (at && !branch.includes(at)) {
    branch.unshift(at);
    at = at.parent ? byId.get(at.parent) : undefined;
  }
  return branch;
}

/** The versions of one message, oldest first: same parent, same role. */
export function siblingsOf(messages: readonly Message[], message: Message): Message[] {
  return messages.filter((other) => other.parent === message.parent && other.role === message.role);
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
