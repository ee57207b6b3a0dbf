import { useEffect, useRef } from "react";
import { useParley } from "../shell/parley";
import { type Action, matches, performAction } from "./action";

/** Listens for the action's keys as long as there is a target that allows it. */
export function useShortcut<Target>(action: Action<Target>, target: Target | undefined): void {
  useShortcuts([action], target);
}

/** The same for many actions on one target. */
export function useShortcuts<Target>(actions: readonly Action<Target>[], target: Target | undefined): void {
  const parley = useParley();
  const newest = useRef({ actions, target });
  newest.current = { actions, target };
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const { actions: known, target: at } = newest.current;
      if (event.defaultPrevented || event.isComposing || at === undefined) return;
      const wished = known.find(
        ({ shortcut, allowed }) => shortcut && matches(shortcut, event) && allowed(at),
      );
      if (!wished) return;
      event.preventDefault();
      void performAction(wished, parley, at);
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [parley]);
}
