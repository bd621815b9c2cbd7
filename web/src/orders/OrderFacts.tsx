import type { ReactNode } from "react";
import type { Order } from "../api/types";
import { useT } from "../i18n/console/words";
import { wordOf } from "../i18n/words";
import { Absent } from "../sharing/Absent";
import Calls from "../sharing/Calls";
import { LetOff } from "../sharing/LetOff";
import { kilometres, momentOf, periodOf } from "../time/format";
import WaypointLine from "../waypoints/WaypointLine";

export function OrderFacts({ order }: { order: Order }) {
  const t = useT();
  const odometer = (metres: number | null) =>
    metres === null ? "—" : t("common.km", { n: kilometres(metres) });
  const facts: [string, ReactNode][] = [
    [t("orders.kind"), t(`orders.kind.${order.kind}`)],
    [t("common.period"), periodOf(order.period)],
    [t("common.plate"), <strong key="plate">{order.vehicle?.plate ?? "—"}</strong>],
    [t("common.driver"), order.driver?.name ?? "—"],
    [t("common.unit"), order.unit.name],
    [t("orders.issuer"), order.issuer.name],
    [t("orders.dispatcher"), order.dispatcher?.name ?? "—"],
    [t("orders.cross_unit"), t(order.cross_unit ? "common.yes" : "common.no")],
    [t("orders.promised"), momentOf(order.promised_pickup_at)],
    ...(order.no_show_at
      ? ([[t("orders.no_show"), momentOf(order.no_show_at)]] as [string, ReactNode][])
      : []),
    [t("orders.departed"), momentOf(order.departed_at)],
    [t("orders.returned"), momentOf(order.returned_at)],
    [t("orders.out"), odometer(order.odometer_out_m)],
    [t("orders.in"), odometer(order.odometer_in_m)],
  ];
  return (
    <>
      <dl className="facts two">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {order.calls.length > 0 && <Calls order={order} />}
      {order.requests.map((request) => (
        <section key={request.id} className="order-request">
          <strong>
            {request.origin.name} → {request.destination.name}
          </strong>
          {request.waypoints.length > 0 && <WaypointLine waypoints={request.waypoints} />}
          <span>
            {wordOf("purpose", request.purpose)}
            {request.purpose_text && ` · ${request.purpose_text}`} · {t("request.passenger")}{" "}
            {request.passenger.name}
          </span>
          <LetOff order={order} requestId={request.id} />
          <Absent order={order} requestId={request.id} />
        </section>
      ))}
    </>
  );
}
