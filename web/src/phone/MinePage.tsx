import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { type Problem, read, write } from "../api/client";
import { known } from "../api/known";
import type { Order, RequestAction, RequestDetail, RideRequest } from "../api/types";
import { useWords as useApproachWords } from "../approach/words";
import { useList } from "../console/useList";
import { useT } from "../i18n/language";
import { wordOf } from "../i18n/words";
import type { Key } from "../i18n/zh";
import { useRequestAct } from "../requests/useRequestAct";
import { periodOf } from "../time/format";
import { Failure } from "./Failure";
import { useWords } from "./listWords";
import { More } from "./More";
import { OWN, readDue } from "./mine";
import { PhoneSteps } from "./PhoneSteps";
import { StatePill } from "./StatePill";
import { awaited } from "./times";
import { Waypoints } from "./Waypoints";

const SharingPart = lazy(() => import("../sharing/SharingPart"));
const SeriesList = lazy(() => import("../series/SeriesList"));
const ApproachPanel = lazy(() => import("../approach/ApproachPanel"));

const OFFERED: [RequestAction, Key][] = [
  ["submit", "request.submit"],
  ["withdraw", "request.withdraw"],
  ["cancel", "request.cancel"],
];

const AGAIN_MS = 10_000;

/** The applicant's own requests: rides of series that are due, then the others, the newest first. */
export default function MinePage() {
  const say = useWords();
  const [followed, follow] = useState("");
  const own = useList<RideRequest>("/requests", OWN, { refetch_ms: AGAIN_MS });
  const rides = useQuery({
    queryKey: ["/requests", "due"],
    queryFn: readDue,
    refetchInterval: AGAIN_MS,
  });
  const items = [...(known(rides) ?? []), ...own.items];
  const unread = own.error ?? rides.error;
  const loading = own.loading || rides.isPending;
  const coming = awaited(items, Date.now());
  const shown = coming.find((request) => request.id === followed) ?? coming[0];
  return (
    <>
      <Failure error={unread} />
      <Suspense>{shown && <ApproachPanel key={shown.id} requestId={shown.id} />}</Suspense>
      {!loading && !unread && items.length === 0 && <p className="empty">{say("noRequests")}</p>}
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
      <More list={own} />
      <Suspense>
        <SeriesList />
      </Suspense>
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
  const say = useApproachWords();
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
        <Waypoints of={request.waypoints} />
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
          {say("other")}
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
      <Failure error={confirm.error} />
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
  const data = known(detail);
  if (!data) return <Failure error={detail.error} />;
  return (
    <div className="card-body">
      <PhoneSteps steps={data.steps} />
      <Suspense>
        <SharingPart request={data} />
      </Suspense>
      <Failure error={act.error} />
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
