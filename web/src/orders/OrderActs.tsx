import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { type Problem, write } from "../api/client";
import type { Order, OrderAction } from "../api/types";
import type { Key } from "../i18n/console/words";
import { useT } from "../i18n/console/words";
import { ActButton } from "../register/ActButton";
import { StaleNotice } from "../requests/StaleNotice";
import { changesOfOrder } from "./orderActs";
import { ReasonedAct } from "./ReasonedAct";

/** What the console offers; the driver's own steps are taken on the phone. */
const OFFERED: [OrderAction, Key][] = [
  ["accept_back", "orders.accept_back"],
  ["confirm", "orders.confirm"],
  ["undo", "orders.undo"],
  ["no_show", "orders.no_show"],
  ["breakdown", "orders.breakdown"],
  ["interrupt", "orders.interrupt"],
  ["cancel", "orders.cancel"],
];
const WITH_REASON = new Set<OrderAction>(["no_show", "breakdown", "interrupt", "cancel"]);

/** What may be done to an order as a whole; of several who share, who did not come is named. */
function offered(order: Order) {
  const shares = order.requests.length > 1;
  return OFFERED.filter(
    ([action]) => order.actions.includes(action) && !(shares && action === "no_show"),
  );
}

/** The slip, the steps that may be taken now, and the changes that may be made. */
export function OrderActs({ order }: { order: Order }) {
  const t = useT();
  const client = useQueryClient();
  const act = useMutation<Order, Problem, { action: OrderAction; reason?: string }>({
    mutationFn: ({ action, reason }) =>
      write(`/orders/${order.id}/${action}`, {
        revision: order.revision,
        tapped_at: new Date().toISOString(),
        ...(reason ? { reason } : {}),
      }),
    onSettled: () => client.invalidateQueries({ queryKey: ["/orders"] }),
  });
  return (
    <div className="acts">
      {order.slip && (
        <Button href={`/api/v1/orders/${order.id}/slip`} target="_blank" rel="noopener">
          {t("orders.slip")}
        </Button>
      )}
      {offered(order).map(([action, label]) =>
        WITH_REASON.has(action) ? (
          <ReasonedAct
            key={action}
            label={t(label)}
            pending={act.isPending}
            onAct={(reason) => act.mutate({ action, reason })}
          />
        ) : (
          <Button
            key={action}
            type={action === "undo" ? "default" : "primary"}
            loading={act.isPending}
            onClick={() => act.mutate({ action })}
          >
            {t(label)}
          </Button>
        ),
      )}
      {changesOfOrder(order).map((change) => (
        <ActButton key={change.path} act={change} />
      ))}
      {act.error && <StaleNotice problem={act.error} />}
    </div>
  );
}
