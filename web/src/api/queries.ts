import { QueryCache, QueryClient } from "@tanstack/react-query";
import { SESSION } from "../session/session";
import { Problem } from "./client";

/** The page's cache of answers; an ended session anywhere brings back the log-in page. */
export function newQueryClient(): QueryClient {
  const client = new QueryClient({
    queryCache: new QueryCache({
      onError(error) {
        if (error instanceof Problem && error.status === 401) client.setQueryData(SESSION, null);
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (count, error) => count < 2 && error instanceof Problem && error.status >= 500,
      },
    },
  });
  return client;
}
