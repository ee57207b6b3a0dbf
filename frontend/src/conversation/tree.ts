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

/** Where a branch through `from` ends, following the newest child each time. */
export function newestLeaf(messages: readonly Message[], from: Id): Id {
  const newestChild = new Map<Id, Id>();
  for (const message of messages) if (message.parent) newestChild.set(message.parent, message.id);
  let leaf = from;
  const seen = new Set<Id>([from]);
  for (let next = newestChild.get(leaf); next && !seen.has(next); next = newestChild.get(leaf)) {
    seen.add(next);
    leaf = next;
  }
  return leaf;
}
