import type { QueryClient } from "@tanstack/react-query";
import { botsQuery } from "../bots/queries";
import { endpointsQuery, localModelsQuery, modelsQuery } from "./queries";

/** What is offered has changed: endpoints, models, and the bots that speak for them. */
export async function modelsChanged(queries: QueryClient): Promise<void> {
  // The key of `modelsQuery` is the beginning of that of all models, too.
  const keys = [endpointsQuery.queryKey, modelsQuery.queryKey, botsQuery.queryKey];
  await Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey })));
}

/** The same, and what the model service of this machine offers. */
export async function localModelsChanged(queries: QueryClient): Promise<void> {
  await Promise.all([
    queries.invalidateQueries({ queryKey: localModelsQuery.queryKey }),
    modelsChanged(queries),
  ]);
}
