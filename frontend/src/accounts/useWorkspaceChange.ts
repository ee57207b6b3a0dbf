import { useMutation } from "@tanstack/react-query";
import type { WorkspaceChange } from "../api/types";
import { t } from "../i18n/t";
import { useMe } from "../shell/me";
import { useParley } from "../shell/parley";
import { updateWorkspace } from "./queries";
import { configQuery, meQuery } from "./session";

/** Changes what holds for the whole workspace. Whoever calls it shows what went wrong. */
export function useWorkspaceChange() {
  const { version } = useMe().workspace;
  const parley = useParley();
  return useMutation({
    mutationFn: (change: WorkspaceChange) => updateWorkspace(version, change),
    onSuccess: () => parley.toast.set(t("settings.saved")),
    // Also after a refusal: it may be that somebody else was faster, and what is shown is old.
    onSettled: () =>
      Promise.all([
        parley.queries.invalidateQueries({ queryKey: meQuery.queryKey }),
        parley.queries.invalidateQueries({ queryKey: configQuery.queryKey }),
      ]),
  });
}
