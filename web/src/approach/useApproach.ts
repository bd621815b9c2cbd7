import { useQuery } from "@tanstack/react-query";
import { Problem, read } from "../api/client";
import type { Approach } from "../api/types";

const COMING_MS = 3_000;
const WAITING_MS = 30_000;

/** A request's vehicle on its way, read again every few seconds while it comes. */
export function useApproach(requestId: string) {
  const answer = useQuery({
    queryKey: ["/approach", requestId],
    queryFn: () => read<Approach>(`/requests/${requestId}/approach`),
    refetchInterval: ({ state }) => (state.data?.phase === "approaching" ? COMING_MS : WAITING_MS),
    // Without a network the page asks on, and says that what it shows is old.
    networkMode: "always",
    retry: false,
  });
  const { data, error } = answer;
  return { approach: data, error, offline: error instanceof Problem && error.offline };
}
