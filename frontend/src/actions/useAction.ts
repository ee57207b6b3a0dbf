import { useMutation } from "@tanstack/react-query";
import { useParley } from "../shell/parley";
import type { Action } from "./action";

type Options<Given> = {
  /** What only the form knows to do afterwards. */
  onDone?: (given: Given) => unknown;
  /** What is wrong is told at the top of the window; otherwise the form shows it. */
  complains?: boolean;
};

/** An action with its progress and what was wrong with it, for a form that shows them. */
export function useAction<Target, Given>(
  action: Action<Target, Given>,
  { onDone, complains = false }: Options<Given> = {},
) {
  const parley = useParley();
  return useMutation({
    mutationFn: async (target: Target) => action.perform(parley, target),
    onSuccess: (given) => onDone?.(given),
    onError: (problem) => {
      if (complains) parley.complain(problem);
    },
  });
}
