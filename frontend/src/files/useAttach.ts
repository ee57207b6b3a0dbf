// The ways in which a file comes to the composer: chosen, pasted, dropped.

import { type ClipboardEvent, useEffect, useRef, useState } from "react";
import type { Id } from "../api/types";
import { t } from "../i18n/t";
import { useMe } from "../shell/me";
import { useParley } from "../shell/parley";
import { accepted, MOST_FILES } from "./accept";
import { useAttached, useAttachments } from "./useAttachments";

export type Attach = (files: readonly File[]) => void;

export function useAttach(conversation: Id | null): Attach {
  const parley = useParley();
  const me = useMe();
  const attachments = useAttachments();
  const count = useAttached(conversation).length;
  const attachOne = async (file: File) => {
    try {
      const ready = await accepted(file, me.limits.file_bytes);
      attachments.add(me.user.id, conversation, ready);
      parley.announced.set(t("files.attached", { name: ready.name }));
    } catch (problem) {
      parley.complain(problem);
    }
  };
  /** One after another: they stay in the order in which they were chosen. */
  const attachAll = async (files: readonly File[]) => {
    for (const file of files) await attachOne(file);
  };
  return (files) => {
    if (count + files.length > MOST_FILES)
      parley.complain(new Error(t("files.tooMany", { limit: MOST_FILES })));
    void attachAll(files.slice(0, Math.max(0, MOST_FILES - count)));
  };
}

/** Files go to the message; text stays what it was. A cell of a spreadsheet comes as both, and is meant as text. */
export function pasted(event: ClipboardEvent, attach: Attach): void {
  const files = [...event.clipboardData.files];
  if (!files.length || event.clipboardData.types.includes("text/plain")) return;
  event.preventDefault();
  attach(files);
}

const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;

/** Anywhere in the window, so that nobody must aim. Whether files hang over it now. */
export function useDrop(attach: Attach): boolean {
  const [depth, setDepth] = useState(0);
  const newest = useRef(attach);
  newest.current = attach;
  useEffect(() => {
    const enter = (event: DragEvent) => holdsFiles(event) && setDepth((now) => now + 1);
    const leave = (event: DragEvent) => holdsFiles(event) && setDepth((now) => Math.max(0, now - 1));
    // Without this a browser would leave the page and show the file.
    const allow = (event: DragEvent) => holdsFiles(event) && event.preventDefault();
    const drop = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setDepth(0);
      newest.current([...(event.dataTransfer?.files ?? [])]);
    };
    const listeners = { dragenter: enter, dragleave: leave, dragover: allow, drop } as const;
    for (const [name, listener] of Object.entries(listeners))
      window.addEventListener(name as "drop", listener);
    return () => {
      for (const [name, listener] of Object.entries(listeners))
        window.removeEventListener(name as "drop", listener);
    };
  }, []);
  return depth > 0;
}
