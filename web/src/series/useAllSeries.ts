import { useQuery } from "@tanstack/react-query";
import { readAll } from "../api/readAll";
import type { Series } from "./types";

const AGAIN_MS = 10_000;

/** All series within sight, of one state if it is named, the newest first. */
export const useAllSeries = (state?: Series["state"]) =>
  useQuery({
    queryKey: ["/request-series", "all", state],
    queryFn: () => readAll<Series>("/request-series", { state }),
    refetchInterval: AGAIN_MS,
  });
