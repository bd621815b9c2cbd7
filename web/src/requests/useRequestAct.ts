import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Problem, write } from "../api/client";
import type { RequestAction, RideRequest } from "../api/types";

export interface Act {
  request: RideRequest;
  action: RequestAction;
  reason?: string;
}

/** One step of a request; lists are read again afterwards, whether it was taken or not. */
export function useRequestAct() {
  const client = useQueryClient();
  return useMutation<RideRequest, Problem, Act>({
    mutationFn: ({ request, action, reason }) =>
      write(`/requests/${request.id}/${action}`, {
        revision: request.revision,
        ...(reason ? { reason } : {}),
      }),
    onSettled: () => client.invalidateQueries({ queryKey: ["/requests"] }),
  });
}
