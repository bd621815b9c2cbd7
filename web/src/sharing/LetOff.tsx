import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Problem, write } from "../api/client";
import type { Order } from "../api/types";
import { ReasonedAct } from "../orders/ReasonedAct";
import { StaleNotice } from "../requests/StaleNotice";
import { may, useSession } from "../session/session";
import { useWords } from "./consoleWords";

/** Before these are over, nobody has got on. */
const NOT_DEPARTED = new Set(["assigned", "accepted"]);

/** Lets one request off an order that it shares; the others ride on. */
export function LetOff({ order, requestId }: { order: Order; requestId: string }) {
  const say = useWords();
  const client = useQueryClient();
  const session = useSession().data;
  const leave = useMutation<Order, Problem, string>({
    mutationFn: (reason) =>
      write(`/orders/${order.id}/leave`, {
        request_id: requestId,
        revision: order.revision,
        reason,
      }),
    onSettled: () => {
      for (const list of ["/orders", "/requests", "/board"])
        void client.invalidateQueries({ queryKey: [list] });
    },
  });
  const shares = order.requests.length > 1 && NOT_DEPARTED.has(order.state);
  if (!shares || !session || !may(session, "order.assign")) return null;
  return (
    <>
      <ReasonedAct label={say("leave")} pending={leave.isPending} onAct={leave.mutate} />
      {leave.error && <StaleNotice problem={leave.error} />}
    </>
  );
}
