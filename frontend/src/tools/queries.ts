import { queryOptions } from "@tanstack/react-query";
import { get } from "../api/client";
import type { Page, Tool } from "../api/types";

export const toolsQuery = queryOptions({
  queryKey: ["tools"],
  queryFn: async ({ signal }) => (await get<Page<Tool>>("/api/v1/tools", { signal })).items,
});
