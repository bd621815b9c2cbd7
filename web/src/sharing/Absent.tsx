import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Problem, write } from "../api/client";
import type { Order } from "../api/types";
import { useT } from "../i18n/console/words";
import { ReasonedAct } from "../orders/ReasonedAct";
import { StaleNotice } from "../requests/StaleNotice";

/** Ends the ride of one who shares and did not come; the others are driven on. */
export function Absent({ order, requestId }: { order: Order; requestId: string }) {
  const t = useT();
  const client = useQueryClient();
  const end = useMutation<Order, Problem, string>({
    mutationFn: (reason) =>
      write(`/orders/${order.id}/no_show`, {
        revision: order.revision,
        tapped_at: new Date().toISOString(),
        request_id: requestId,
        reason,
      }),
    onSettled: () => {
      for (const list of ["/orders", "/requests", "/board"])
        void client.invalidateQueries({ queryKey: [list] });
    },
  });
  if (order.requests.length < 2 || !order.actions.includes("no_show")) return null;
  return (
    <>
      <ReasonedAct label={t("orders.no_show")} pending={end.isPending} onAct={end.mutate} />
      {end.error && <StaleNotice problem={end.error} />}
    </>
  );
}
