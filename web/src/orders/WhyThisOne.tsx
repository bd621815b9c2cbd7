import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Spin } from "antd";
import { useState } from "react";
import { read } from "../api/client";
import { sentenceOf } from "../api/sentence";
import type { Explanation, Order } from "../api/types";
import { useT } from "../i18n/console/words";
import { may, useSession } from "../session/session";

/** Why an order has its vehicle: read, and worked out anew, only when somebody asks. */
export function WhyThisOne({ order }: { order: Order }) {
  const t = useT();
  const session = useSession();
  const [asked, ask] = useState(false);
  const why = useQuery({
    queryKey: ["/orders", order.id, "explanation"],
    queryFn: () => read<Explanation>(`/orders/${order.id}/explanation`),
    enabled: asked,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  if (order.kind !== "ride" || !session.data || !may(session.data, "order.assign")) return null;
  return (
    <section className="why">
      {!asked && <Button onClick={() => ask(true)}>{t("orders.why")}</Button>}
      {asked && <h2 className="part">{t("orders.why")}</h2>}
      {asked && why.isPending && <Spin />}
      {why.error && <Alert type="error" showIcon title={sentenceOf(t, why.error)} />}
      {why.data && (
        <>
          <pre>{why.data.lines.join("\n")}</pre>
          {why.data.replayed !== null && (
            <p>{t(why.data.replayed ? "orders.replayed" : "orders.not_replayed")}</p>
          )}
        </>
      )}
    </section>
  );
}
