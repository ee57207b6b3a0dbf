import { useQueryClient } from "@tanstack/react-query";
import { botsQuery } from "../bots/queries";
import { endpointsQuery, modelsQuery } from "./queries";

/** What is offered has changed: endpoints, models, and the bots that speak for them. */
export function useModelsChanged(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    // The key of `modelsQuery` is the beginning of that of all models, too.
    const keys = [endpointsQuery.queryKey, modelsQuery.queryKey, botsQuery.queryKey];
    await Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey })));
  };
}
