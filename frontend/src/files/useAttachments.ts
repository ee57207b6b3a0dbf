import { useMemo } from "react";
import { remove } from "../api/client";
import type { Id } from "../api/types";
import { wallClock } from "../realtime/clock";
import { useMe } from "../shell/me";
import { useObservable } from "../shell/observable";
import { type Parley, useParley } from "../shell/parley";
import { type Attachment, IndexedAttachmentStore } from "./attachment_store";
import { Attachments } from "./attachments";
import { upload } from "./upload";

/** One for each app, made when a room first needs it, so that the entry does not carry it. */
const made = new WeakMap<Parley, Attachments>();

export function attachmentsOf(parley: Parley): Attachments {
  const known = made.get(parley);
  if (known) return known;
  const store = new IndexedAttachmentStore(() => attachments.reload());
  // What could not be deleted now lies in the person's files, where it harms nobody.
  const forget = (file: Id) => void remove(`/api/v1/files/${file}`).catch(() => undefined);
  const attachments = new Attachments(store, parley.live.outbox, upload, forget, wallClock);
  parley.live.subscribe(() => parley.live.socket.state === "open" && attachments.connected());
  made.set(parley, attachments);
  return attachments;
}

export function useAttachments(): Attachments {
  return attachmentsOf(useParley());
}

/** What stands in the composer of this conversation. */
export function useAttached(conversation: Id | null): readonly Attachment[] {
  const { user } = useMe();
  const all = useObservable(useAttachments().all);
  return useMemo(
    () => all.filter((one) => one.user === user.id && !one.post && one.conversation === conversation),
    [all, user.id, conversation],
  );
}
