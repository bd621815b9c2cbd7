import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { type Problem, read, write } from "../api/client";
import { sentenceOf } from "../api/sentence";
import type { Order, Page, RequestAction, RequestDetail, RideRequest } from "../api/types";
import { useT } from "../i18n/language";
import { wordOf } from "../i18n/words";
import type { Key } from "../i18n/zh";
import { useRequestAct } from "../requests/useRequestAct";
import { periodOf } from "../time/format";
import { PhoneSteps } from "./PhoneSteps";
import { StatePill } from "./StatePill";
import { awaited } from "./times";

const ApproachPanel = lazy(() => import("../approach/ApproachPanel"));

const OFFERED: [RequestAction, Key][] = [
  ["submit", "request.submit"],
  ["withdraw", "request.withdraw"],
  ["cancel", "request.cancel"],
];

/** The applicant's own requests, the newest first. */
export function MinePage() {
  const t = useT();
  const [followed, follow] = useState("");
  const mine = useQuery({
    queryKey: ["/requests", "mine"],
    queryFn: () => read<Page<RideRequest>>("/requests", { mine: true, limit: 50 }),
    refetchInterval: 10_000,
  });
  const items = mine.data?.items ?? [];
  if (mine.error) return <p className="problem">{sentenceOf(t, mine.error)}</p>;
  if (mine.data && items.length === 0) return <p className="empty">{t("phone.noRequests")}</p>;
  const coming = awaited(items, Date.now());
  const shown = coming.find((request) => request.id === followed) ?? coming[0];
  return (
    <>
      <Suspense>{shown && <ApproachPanel key={shown.id} requestId={shown.id} />}</Suspense>
      <ul className="cards">
        {items.map((request) => (
          <RequestCard
            key={request.id}
            request={request}
            onFollow={
              request !== shown && coming.includes(request) ? () => follow(request.id) : null
            }
          />
        ))}
      </ul>
    </>
  );
}

interface CardProps {
  request: RideRequest;
  /** Shows this request's vehicle on its way, where another one's is shown. */
  onFollow: (() => void) | null;
}

function RequestCard({ request, onFollow }: CardProps) {
  const t = useT();
  const [open, setOpen] = useState(false);
  return (
    <li className="card">
      <button
        type="button"
        className="card-head"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <StatePill state={request.state} />
        <span>{periodOf(request.period)}</span>
        <strong>
          {request.origin.name} → {request.destination.name}
        </strong>
        <small>
          {wordOf("purpose", request.purpose)} · {request.purpose_text}
        </small>
      </button>
      {request.state_reason && <p className="note">{request.state_reason}</p>}
      {request.order && (
        <p className="assigned">
          <strong>{request.order.vehicle?.plate}</strong> {t("common.driver")}{" "}
          {request.order.driver?.name ?? "—"}{" "}
          {request.order.state !== request.state && <StatePill state={request.order.state} />}
        </p>
      )}
      {onFollow && (
        <button type="button" className="second" onClick={onFollow}>
          {t("approach.other")}
        </button>
      )}
      {request.order && <Confirm orderId={request.order.id} state={request.order.state} />}
      {open && <Detail request={request} />}
    </li>
  );
}

/** The passenger's word that the ride is over; offered when the server says it may be given. */
function Confirm({ orderId, state }: { orderId: string; state: string }) {
  const t = useT();
  const client = useQueryClient();
  const order = useQuery({
    queryKey: ["/orders", orderId, state],
    queryFn: () => read<Order>(`/orders/${orderId}`),
    enabled: state === "returned" || state === "confirming",
    retry: false,
  });
  const confirm = useMutation<Order, Problem, Order>({
    mutationFn: ({ id, revision }) =>
      write(`/orders/${id}/confirm`, { revision, tapped_at: new Date().toISOString() }),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["/requests"] }),
        client.invalidateQueries({ queryKey: ["/orders"] }),
      ]),
  });
  const { data } = order;
  if (!data?.actions.includes("confirm")) return null;
  return (
    <>
      {confirm.error && <p className="problem">{sentenceOf(t, confirm.error)}</p>}
      <button
        type="button"
        className="main"
        disabled={confirm.isPending}
        onClick={() => confirm.mutate(data)}
      >
        {t("phone.confirm")}
      </button>
    </>
  );
}

function Detail({ request }: { request: RideRequest }) {
  const t = useT();
  const act = useRequestAct();
  const detail = useQuery({
    queryKey: ["/requests", request.id, request.revision],
    queryFn: () => read<RequestDetail>(`/requests/${request.id}`),
  });
  const { data } = detail;
  if (!data) return null;
  return (
    <div className="card-body">
      <PhoneSteps steps={data.steps} />
      {act.error && <p className="problem">{sentenceOf(t, act.error)}</p>}
      {OFFERED.filter(([action]) => data.actions.includes(action)).map(([action, label]) => (
        <button
          type="button"
          key={action}
          className="second"
          disabled={act.isPending}
          onClick={() => act.mutate({ request: data, action, reason: t(label) })}
        >
          {t(label)}
        </button>
      ))}
    </div>
  );
}
