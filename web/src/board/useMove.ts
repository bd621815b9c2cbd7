import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Problem, write } from "../api/client";
import type { Order, VehicleRef } from "../api/types";
import { useSettled } from "../console/useSettled";
import type { BoardBar, BoardOrder, MoveCheck } from "./types";

/** A bar that is being moved: of which vehicle, and where it is held now. */
export interface Moving {
  order: BoardOrder;
  bar: BoardBar;
  from: VehicleRef;
  to: VehicleRef | null;
}

/** The one move under way: the server is asked before anything is dropped. */
export function useMove() {
  const client = useQueryClient();
  const [moving, setMoving] = useState<Moving | null>(null);
  // Arrow keys and a dragged bar pass over rows that nobody means.
  const to = useSettled(moving?.to?.id ?? "", 150);
  const asked = moving !== null && to !== "" && to === moving.to?.id;
  const check = useQuery<MoveCheck, Problem>({
    queryKey: ["/board/check", moving?.order.id, moving?.order.revision, to],
    queryFn: () =>
      write(`/orders/${moving?.order.id}/reassign/check`, {
        revision: moving?.order.revision,
        vehicle_id: to,
      }),
    enabled: asked,
    // What was free a moment ago may be taken: asked again each time.
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const drop = useMutation<Order, Problem, { reason: string; override: boolean }>({
    mutationFn: ({ reason, override }) =>
      write(`/orders/${moving?.order.id}/reassign`, {
        revision: moving?.order.revision,
        vehicle_id: moving?.to?.id,
        reason,
        override,
      }),
    onSuccess: () => setMoving(null),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ["/board"] });
      void client.invalidateQueries({ queryKey: ["/orders"] });
    },
  });
  return {
    moving,
    start: (order: BoardOrder, bar: BoardBar, from: VehicleRef) => {
      drop.reset();
      setMoving({ order, bar, from, to: null });
    },
    aim: (vehicle: VehicleRef) =>
      setMoving((now) => now && { ...now, to: vehicle.id === now.from.id ? null : vehicle }),
    stop: () => setMoving(null),
    told: asked && !check.isFetching ? (check.data ?? null) : null,
    failure: asked ? check.error : null,
    drop,
  };
}

export type Move = ReturnType<typeof useMove>;
