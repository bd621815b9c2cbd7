import { useQuery } from "@tanstack/react-query";
import { read } from "../api/client";
import type { Suggestion } from "../api/types";
import type { Asked } from "./places";

/** The vehicles that could be at a place soonest, ranked as for a request from now on. */
export function useNearest(place: Asked | null, passengers: number) {
  return useQuery({
    queryKey: ["/vehicles/nearest-eligible", place, passengers],
    queryFn: () => read<Suggestion>("/vehicles/nearest-eligible", { ...place, passengers }),
    enabled: place !== null,
    refetchOnWindowFocus: false,
    staleTime: 20_000,
  });
}
