import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { read } from "../api/client";
import type { LiveVehicle, Order } from "../api/types";
import { StateMark } from "../console/StateMark";
import { useT } from "../i18n/console/words";
import { spanOf } from "../i18n/words";
import { isStale, type Standing } from "../live/messages";
import { periodOf } from "../time/format";
import { StandingMark } from "./StandingMark";

interface Props {
  vehicle: LiveVehicle;
  age_s: number;
  standing: Standing;
  onClose: () => void;
}

/** What is known of the chosen vehicle now, each fact with its age. */
export function VehicleCard({ vehicle, age_s, standing, onClose }: Props) {
  const t = useT();
  const order = useQuery({
    queryKey: ["/orders", vehicle.order?.id],
    queryFn: () => read<Order>(`/orders/${vehicle.order?.id}`),
    // A mission's order is not named here.
    enabled: Boolean(vehicle.order?.id),
    retry: false,
  });
  return (
    <aside className="vehicle-card" aria-label={vehicle.plate}>
      <header>
        <strong>{vehicle.plate}</strong>
        <span className={`standing-word ${standing}`}>
          <StandingMark standing={standing} />
          {t(`live.${standing}`)}
        </span>
        <button type="button" aria-label={t("common.close")} onClick={onClose}>
          ×
        </button>
      </header>
      <dl>
        <dt>{t("common.unit")}</dt>
        <dd>{vehicle.unit.name}</dd>
        <dt>{t("live.speed")}</dt>
        <dd>
          {vehicle.speed_kmh === null
            ? t("common.unknown")
            : t("live.kmh", { n: Math.round(vehicle.speed_kmh) })}
        </dd>
        <dt>{t("live.lastFix")}</dt>
        <dd className={isStale(vehicle, age_s) ? "stale" : ""}>
          {t("common.ago", { age: spanOf(t, age_s) })}
        </dd>
      </dl>
      {vehicle.order && order.data ? (
        <OrderBrief order={order.data} />
      ) : (
        <p className="no-order">
          {vehicle.order ? <StateMark state={vehicle.order.state} /> : t("live.noOrder")}
        </p>
      )}
    </aside>
  );
}

function OrderBrief({ order }: { order: Order }) {
  const t = useT();
  const first = order.requests[0];
  return (
    <section className="order-brief">
      <div>
        <StateMark state={order.state} />
        <Link href={`/orders/${order.id}`}>{order.slip?.number_text ?? t("live.open")}</Link>
      </div>
      {first && (
        <p>
          {first.pickup.name} → {first.destination.name}
        </p>
      )}
      <p>{periodOf(order.period)}</p>
      {order.driver && (
        <p>
          {t("common.driver")} {order.driver.name}
        </p>
      )}
    </section>
  );
}
