import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { read } from "../api/client";
import type { OrderWarning, Page } from "../api/types";
import { useT } from "../i18n/console/words";
import { spanOf, wordOf } from "../i18n/words";
import { timeOf } from "../time/format";

const AGAIN_MS = 15_000;

/** The orders that are late, or will be: named before their passengers wait. */
export function Warnings() {
  const t = useT();
  const warned = useQuery({
    queryKey: ["/orders/warnings"],
    queryFn: () => read<Page<OrderWarning>>("/orders/warnings"),
    refetchInterval: AGAIN_MS,
  });
  const items = warned.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <section className="warnings" aria-label={t("queue.late")} aria-live="polite">
      <h2>{t("queue.late")}</h2>
      <ul>
        {items.map(({ kind, order_id, vehicle, driver, late_s, promised_pickup_at }) => (
          <li key={order_id + kind} className={kind}>
            <Link href={`/orders/${order_id}`}>
              <strong>{vehicle?.plate ?? "—"}</strong> {driver?.name}
              <b>
                {wordOf("warning", kind)}
                {late_s !== null && ` ${spanOf(t, late_s)}`}
              </b>
              <small>{t("queue.promised", { time: timeOf(promised_pickup_at) })}</small>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
