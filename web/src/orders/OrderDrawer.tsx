import { useQuery } from "@tanstack/react-query";
import { Alert, Drawer, Spin } from "antd";
import { read } from "../api/client";
import { sentenceOf } from "../api/sentence";
import type { Order } from "../api/types";
import { StateMark } from "../console/StateMark";
import { Steps } from "../console/Steps";
import { useT } from "../i18n/console/words";
import { Amendments } from "./Amendments";
import { OrderActs } from "./OrderActs";
import { OrderFacts } from "./OrderFacts";
import { WhyThisOne } from "./WhyThisOne";

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
          <OrderActs order={data} />
          <OrderFacts order={data} />
          <WhyThisOne key={data.id} order={data} />
          <Amendments order={data} />
          <h2 className="part">{t("orders.steps")}</h2>
          <Steps steps={data.steps} />
        </>
      )}
    </Drawer>
  );
}
