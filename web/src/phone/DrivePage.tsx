import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { read } from "../api/client";
import { known } from "../api/known";
import { sentenceOf } from "../api/sentence";
import type { Order, Page } from "../api/types";
import { useT } from "../i18n/language";
import { wordOf } from "../i18n/words";
import { dayOf, periodOf } from "../time/format";
import { READS_ODOMETER, STEPS, stateAfter, type Tap } from "./driving";
import { Failure } from "./Failure";
import { outbox, useTaps } from "./outbox";
import { StatePill } from "./StatePill";
import { Waypoints } from "./Waypoints";
import { whereAmI } from "./where";

const Calls = lazy(() => import("../sharing/Calls"));
const Proposals = lazy(() => import("../proposals/Proposals"));

const KEPT = "gongche.orders";
const OPEN = new Set(["assigned", "accepted", "departed", "arrived", "returning"]);

/** The driver's orders and the next step of each; works on without a network. */
export function DrivePage() {
  const t = useT();
  const client = useQueryClient();
  const taps = useTaps();
  const orders = useQuery({
    queryKey: ["/orders", "mine"],
    queryFn: readMine,
    refetchInterval: 10_000,
  });
  useEffect(() => {
    outbox.onDelivered = (order) => {
      const before = client.getQueryData<Order[]>(["/orders", "mine"]) ?? kept();
      const after = before?.map((one) => (one.id === order.id ? order : one));
      // Without a network the kept ones are shown: they must know this step too.
      if (after) keep(after);
      client.setQueryData(["/orders", "mine"], after);
    };
    const flush = () => void outbox.flush();
    flush();
    addEventListener("online", flush);
    return () => removeEventListener("online", flush);
  }, [client]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each delivery makes the list old
  useEffect(() => {
    void client.invalidateQueries({ queryKey: ["/orders", "mine"] });
  }, [client, taps.length]);

  // What somebody else drives on after a swap has no step left for this driver.
  const items = (known(orders) ?? []).filter(
    (order) => OPEN.has(stateAfter(order, taps)) && order.actions.length > 0,
  );
  const today = dayOf(Date.now());
  const [now, later] = [
    items.filter((order) => dayOf(order.period.start) <= today),
    items.filter((order) => dayOf(order.period.start) > today),
  ];
  const { refusal } = outbox;
  return (
    <>
      <Failure error={orders.error} />
      {taps.length > 0 && (
        <p className="note" role="status">
          {t("phone.pending", { n: taps.length })}
        </p>
      )}
      {refusal && (
        <p className="problem" role="alert">
          {t("phone.refused", {
            action: wordOf("act", refusal.tap.action),
            detail: sentenceOf(t, refusal.problem),
          })}
        </p>
      )}
      {items.some((order) => order.state === "accepted") && (
        <Suspense fallback={null}>
          <Proposals orders={items} />
        </Suspense>
      )}
      {orders.data && now.length === 0 && <p className="empty">{t("phone.noOrders")}</p>}
      <ul className="cards">
        {now.map((order) => (
          <OrderCard key={order.id} order={order} taps={taps} />
        ))}
      </ul>
      {later.length > 0 && (
        <>
          <h2>{t("phone.later")}</h2>
          <ul className="cards">
            {later.map((order) => (
              <OrderCard key={order.id} order={order} taps={taps} />
            ))}
          </ul>
        </>
      )}
    </>
  );
}

/** The orders from the server, or those seen last while it cannot be reached. */
async function readMine(): Promise<Order[]> {
  try {
    const { items } = await read<Page<Order>>("/orders", { mine: true, limit: 50 });
    keep(items);
    return items;
  } catch (error) {
    const seen = navigator.onLine ? undefined : kept();
    if (seen) return seen;
    throw error;
  }
}

function keep(orders: Order[]) {
  localStorage.setItem(KEPT, JSON.stringify(orders));
}

function kept(): Order[] | undefined {
  const text = localStorage.getItem(KEPT);
  return text ? (JSON.parse(text) as Order[]) : undefined;
}

function OrderCard({ order, taps }: { order: Order; taps: readonly Tap[] }) {
  const t = useT();
  const state = stateAfter(order, taps);
  // With taps on their way, or without a network, nobody can say what the order has become.
  const isUpToDate = navigator.onLine && !taps.some((tap) => tap.order_id === order.id);
  const first = order.requests[0];
  return (
    <li className="card">
      <div className="card-head">
        <StatePill state={state} />
        <span>{periodOf(order.period)}</span>
        <strong>
          {first
            ? `${first.pickup.name} → ${first.destination.name}`
            : wordOf("service", order.service_kind)}
        </strong>
        <Waypoints of={first?.waypoints} />
        <small>
          <b>{order.vehicle?.plate}</b> {order.slip?.number_text}
        </small>
        {order.requests.map((request) => (
          <small key={request.id}>
            {t("request.passenger")} {request.passenger.name} · {wordOf("purpose", request.purpose)}
          </small>
        ))}
        {/* An order that was kept by an earlier version tells no calls. */}
        {order.calls?.length > 0 && (
          <Suspense fallback={null}>
            <Calls order={order} />
          </Suspense>
        )}
      </div>
      <NextStep key={state} order={order} state={state} isUpToDate={isUpToDate} />
    </li>
  );
}

interface StepProps {
  order: Order;
  state: Order["state"];
  isUpToDate: boolean;
}

function NextStep({ order, state, isUpToDate }: StepProps) {
  const t = useT();
  const step = STEPS[state];
  const known_km = Math.round((order.odometer_out_m ?? 0) / 1000);
  const [odometer_km, setOdometer] = useState(known_km ? String(known_km) : "");
  const [busy, setBusy] = useState(false);
  if (!step) return null;
  const { action } = step;
  const asks = READS_ODOMETER.has(action);
  const reading = Number.parseFloat(odometer_km);

  async function take() {
    setBusy(true);
    const tapped_at = new Date().toISOString();
    const place = await whereAmI();
    const odometer_m = asks ? Math.round(reading * 1000) : null;
    const seen = isUpToDate ? order.revision : null;
    const tap = { order_id: order.id, action, tapped_at, revision: seen, odometer_m, ...place };
    await outbox.put(tap);
    setBusy(false);
  }

  return (
    <div className="card-acts">
      {asks && (
        <label className="field">
          {t("phone.odometer")}
          <input
            type="number"
            inputMode="decimal"
            min={known_km}
            step="0.1"
            value={odometer_km}
            onChange={(event) => setOdometer(event.target.value)}
          />
        </label>
      )}
      <button
        type="button"
        className="main"
        disabled={busy || (asks && !(reading >= 0))}
        onClick={() => void take()}
      >
        {wordOf("act", action)}
      </button>
    </div>
  );
}
