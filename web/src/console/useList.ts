import { useInfiniteQuery } from "@tanstack/react-query";
import { type Query, read } from "../api/client";
import { known } from "../api/known";
import type { Page } from "../api/types";

interface Options {
  /** Read again every so often, ms; false for lists that do not move. */
  refetch_ms?: number | false;
}

/** A paged list of the API: its rows so far, and how to read more. */
export function useList<Item>(path: string, query: Query, { refetch_ms = false }: Options = {}) {
  const answer = useInfiniteQuery({
    queryKey: [path, query],
    queryFn: ({ pageParam }) => read<Page<Item>>(path, { limit: 100, ...query, cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    refetchInterval: refetch_ms,
    placeholderData: (before) => before,
  });
  return {
    items: known(answer)?.pages.flatMap((page) => page.items) ?? [],
    loading: answer.isPending,
    error: answer.error,
    more: answer.hasNextPage ? () => void answer.fetchNextPage() : null,
    loadingMore: answer.isFetchingNextPage,
  };
}
