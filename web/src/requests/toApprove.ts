import { known } from "../api/known";
import type { RideRequest } from "../api/types";
import { useList } from "../console/useList";
import type { Series } from "../series/types";
import { useAllSeries } from "../series/useAllSeries";

/** A request, or a series of rides that is approved as one. */
export type Asked = RideRequest | Series;

export const isSeries = (asked: Asked): asked is Series => "repeats" in asked;

/** Those that this person may approve, the newest first: ids grow with time. */
export const toApprove = (
  requests: readonly RideRequest[],
  series: readonly Series[],
): readonly Asked[] =>
  [...requests, ...series]
    .filter((asked) => asked.actions.includes("approve"))
    .sort((a, b) => (a.id < b.id ? 1 : -1));

/** What waits for this person's approval, as a list that is read again and again. */
export function useToApprove() {
  const requests = useList<RideRequest>(
    "/requests",
    { state: "unit_review" },
    { refetch_ms: 10_000 },
  );
  const series = useAllSeries("unit_review");
  return {
    ...requests,
    items: toApprove(requests.items, known(series) ?? []),
    loading: requests.loading || series.isPending,
    error: requests.error ?? series.error,
  };
}
