import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Problem, write } from "../api/client";
import type { RideRequest } from "../api/types";
import type { Reservation } from "../plans/types";

/** A vehicle to promise: whose and of which type; and another time, if it is to move there. */
export interface Wish {
  organisation_id?: string;
  category?: string;
  energy?: string;
  holding?: string;
  moved?: { start: string; end: string; reason: string };
}

/** Promises a vehicle, at another time where one is named; lists are read again afterwards. */
export function usePromise(request: RideRequest) {
  const again = useAgain();
  return useMutation<Reservation | null, Problem, Wish>({
    mutationFn: async ({ moved, ...type }) => {
      const path = `/requests/${request.id}`;
      const { revision } = moved
        ? await write<RideRequest>(`${path}/times`, { revision: request.revision, ...moved })
        : request;
      return write(`${path}/reservation`, { revision, ...type });
    },
    onSettled: again,
  });
}

/** Takes back what is held. */
export function useRelease(request: RideRequest) {
  const again = useAgain();
  return useMutation<Reservation, Problem, string>({
    mutationFn: (reason) =>
      write(`/requests/${request.id}/reservation/release`, { revision: request.revision, reason }),
    onSettled: again,
  });
}

function useAgain() {
  const client = useQueryClient();
  return () => {
    for (const list of ["/requests", "/reservations", "/board/reservations"])
      void client.invalidateQueries({ queryKey: [list] });
  };
}
