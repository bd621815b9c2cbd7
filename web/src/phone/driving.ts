import type { Order, OrderAction, OrderState } from "../api/types";

/** The driver's steps in order: what may be tapped in a state, and the state after it. */
export const STEPS: Partial<Record<OrderState, { action: OrderAction; next: OrderState }>> = {
  assigned: { action: "accept", next: "accepted" },
  accepted: { action: "depart", next: "departed" },
  departed: { action: "arrive", next: "arrived" },
  arrived: { action: "start_return", next: "returning" },
  returning: { action: "return", next: "returned" },
};

/** Steps that need the odometer. */
export const READS_ODOMETER: ReadonlySet<OrderAction> = new Set(["depart", "return"]);

/** One tap of the driver, kept until the server has it; `tapped_at` counts, not its arrival. */
export interface Tap {
  order_id: string;
  action: OrderAction;
  tapped_at: string;
  /** Of the order that the driver saw; null for a tap that stands whatever was changed since. */
  revision: number | null;
  odometer_m: number | null;
  latitude: number | null;
  longitude: number | null;
}

/** The order's state as the driver sees it: the server's, with his undelivered taps applied. */
export function stateAfter(order: Pick<Order, "id" | "state">, taps: readonly Tap[]): OrderState {
  let state = order.state;
  for (const tap of taps) {
    const step = STEPS[state];
    if (tap.order_id === order.id && step?.action === tap.action) state = step.next;
  }
  return state;
}
