import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Problem, send, write } from "../api/client";
import { type Returning, rewritten } from "./returning";
import type { Series, SeriesAction, SeriesDetail } from "./types";

export interface SeriesAct {
  series: Series;
  action: SeriesAction;
  reason?: string;
}

/** One step of a series; it and the requests that are its rides are read again afterwards. */
export function useSeriesAct() {
  const again = useAgain();
  return useMutation<SeriesDetail, Problem, SeriesAct>({
    mutationFn: ({ series, action, reason }) =>
      write(`/request-series/${series.id}/${action}`, {
        revision: series.revision,
        ...(reason ? { reason } : {}),
      }),
    onSettled: again,
  });
}

/** A series written anew with other days or hours, and submitted again. */
export function useRewriting(series: Series) {
  const again = useAgain();
  return useMutation<SeriesDetail, Problem, Returning>({
    mutationFn: (returning) =>
      send("PUT", `/request-series/${series.id}`, {
        ...rewritten(series, returning),
        revision: series.revision,
      }),
    onSettled: again,
  });
}

/** Reads all series and requests again. */
export function useAgain() {
  const client = useQueryClient();
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ["/request-series"] }),
      client.invalidateQueries({ queryKey: ["/requests"] }),
    ]);
}
