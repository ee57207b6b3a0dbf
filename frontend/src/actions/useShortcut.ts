import { useEffect, useRef } from "react";
import { useParley } from "../shell/parley";
import { type Action, matches, performAction } from "./action";

/** Listens for the action's keys as long as there is a target that allows it. */
export function useShortcut<Target>(action: Action<Target>, target: Target | undefined): void {
  const parley = useParley();
  const newest = useRef(target);
  newest.current = target;
  useEffect(() => {
    const { shortcut } = action;
    if (!shortcut) return;
    const listen = (event: KeyboardEvent) => {
      const at = newest.current;
      if (event.defaultPrevented || event.isComposing || !matches(shortcut, event)) return;
      if (at === undefined || !action.allowed(at)) return;
      event.preventDefault();
      void performAction(action, parley, at);
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [action, parley]);
}
