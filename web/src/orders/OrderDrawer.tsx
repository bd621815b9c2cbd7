import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Drawer, Spin } from "antd";
import { type Problem, read, write } from "../api/client";
import { sentenceOf } from "../api/sentence";
import type { Order, OrderAction } from "../api/types";
import { StateMark } from "../console/StateMark";
import { Steps } from "../console/Steps";
import type { Key } from "../i18n/console/words";
import { useT } from "../i18n/console/words";
import { OrderFacts } from "./OrderFacts";
import { ReasonedAct } from "./ReasonedAct";

/** What the console offers; the driver's own steps are taken on the phone. */
const OFFERED: [OrderAction, Key][] = [
  ["accept_back", "orders.accept_back"],
  ["confirm", "orders.confirm"],
  ["interrupt", "orders.interrupt"],
  ["cancel", "orders.cancel"],
];

export function OrderDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useT();
  const order = useQuery({
    queryKey: ["/orders", id],
    queryFn: () => read<Order>(`/orders/${id}`),
    refetchInterval: 10_000,
  });
  const { data } = order;
  return (
    <Drawer
      open
      size={560}
      onClose={onClose}
      title={data?.slip?.number_text ?? t("orders.heading")}
      extra={data && <StateMark state={data.state} />}
    >
      {order.error && <Alert type="error" showIcon title={sentenceOf(t, order.error)} />}
      {!data && !order.error && <Spin />}
      {data && (
        <>
          <Acts order={data} />
          <OrderFacts order={data} />
          <h2 className="part">{t("orders.steps")}</h2>
          <Steps steps={data.steps} />
        </>
      )}
    </Drawer>
  );
}

function Acts({ order }: { order: Order }) {
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
      {OFFERED.filter(([action]) => order.actions.includes(action)).map(([action, label]) =>
        action === "cancel" || action === "interrupt" ? (
          <ReasonedAct
            key={action}
            label={t(label)}
            pending={act.isPending}
            onAct={(reason) => act.mutate({ action, reason })}
          />
        ) : (
          <Button
            key={action}
            type="primary"
            loading={act.isPending}
            onClick={() => act.mutate({ action })}
          >
            {t(label)}
          </Button>
        ),
      )}
      {act.error && <Alert type="error" showIcon title={sentenceOf(t, act.error)} />}
    </div>
  );
}
