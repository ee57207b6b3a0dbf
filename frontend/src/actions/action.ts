// One user action is one object, read by button, menu and shortcut alike.

import type { SvgIconProps } from "@mui/material/SvgIcon";
import type { ComponentType } from "react";
import type { Key } from "../i18n/t";
import type { Parley } from "../shell/parley";

/** `mod` is Command on a Mac, Control elsewhere. */
export type Shortcut = { key: string; mod?: boolean; shift?: boolean };

/** `Given`: what its form gets back, such as a key that is shown once. */
export type Action<Target, Given = void> = {
  name: Key;
  icon: ComponentType<SvgIconProps>;
  shortcut?: Shortcut;
  /** Whether it makes sense for this target now; where it does not, it is not offered. */
  allowed(target: Target): boolean;
  /** What it throws is shown to the person. */
  perform(parley: Parley, target: Target): Given | Promise<Given>;
};

export async function performAction<Target>(
  action: Action<Target, unknown>,
  parley: Parley,
  target: Target,
): Promise<void> {
  try {
    await action.perform(parley, target);
  } catch (problem) {
    parley.complain(problem);
  }
}

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

export function matches(shortcut: Shortcut, event: KeyboardEvent): boolean {
  const mod = isMac ? event.metaKey : event.ctrlKey;
  return (
    event.key.toLowerCase() === shortcut.key.toLowerCase() &&
    mod === Boolean(shortcut.mod) &&
    event.shiftKey === Boolean(shortcut.shift) &&
    !event.altKey
  );
}

/** As people read it: "Ctrl+Shift+O". */
export function shortcutText({ key, mod, shift }: Shortcut): string {
  const modifiers = [mod && (isMac ? "⌘" : "Ctrl"), shift && (isMac ? "⇧" : "Shift")];
  return [...modifiers, key.length === 1 ? key.toUpperCase() : key].filter(Boolean).join("+");
}
