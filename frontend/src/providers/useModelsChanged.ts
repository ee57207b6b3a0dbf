import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { botsQuery } from "../bots/queries";
import { endpointsQuery, localModelsQuery, modelsQuery } from "./queries";

/** What is offered has changed: endpoints, models, and the bots that speak for them. */
export function useModelsChanged(): () => Promise<void> {
  const queries = useQueryClient();
  return useCallback(async () => {
    // The key of `modelsQuery` is the beginning of that of all models, too.
    const keys = [endpointsQuery.queryKey, modelsQuery.queryKey, botsQuery.queryKey];
    await Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey })));
  }, [queries]);
}

/** The same, and what the model service of this machine offers. */
export function useLocalModelsChanged(): () => Promise<void> {
  const queries = useQueryClient();
  const modelsChanged = useModelsChanged();
  return useCallback(async () => {
    await Promise.all([queries.invalidateQueries({ queryKey: localModelsQuery.queryKey }), modelsChanged()]);
  }, [queries, modelsChanged]);
}
