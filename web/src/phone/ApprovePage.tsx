import { lazy, Suspense, useState } from "react";
import type { RequestAction, RideRequest } from "../api/types";
import { useList } from "../console/useList";
import { useT } from "../i18n/language";
import { wordOf } from "../i18n/words";
import { useRequestAct } from "../requests/useRequestAct";
import { periodOf } from "../time/format";
import { Failure } from "./Failure";
import { useWords } from "./listWords";
import { More } from "./More";
import { Waypoints } from "./Waypoints";

const SeriesApprovals = lazy(() => import("../series/SeriesApprovals"));

const WAITING = { state: "unit_review", limit: 50 };
const REASONS = ["reason.vague", "reason.time", "reason.transport"] as const;

/** Requests that wait for this approver; approval is one tap, a refusal asks for its reason. */
export default function ApprovePage() {
  const say = useWords();
  const list = useList<RideRequest>("/requests", WAITING, { refetch_ms: 10_000 });
  const items = list.items.filter((one) => one.actions.includes("approve"));
  const nothing = !list.loading && !list.error && items.length === 0;
  return (
    <>
      <Failure error={list.error} />
      <ul className="cards">
        {items.map((request) => (
          <ApprovalCard key={request.id} request={request} />
        ))}
      </ul>
      <More list={list} />
      <Suspense>
        <SeriesApprovals nothing={nothing && say("noApprovals")} />
      </Suspense>
    </>
  );
}

function ApprovalCard({ request }: { request: RideRequest }) {
  const t = useT();
  const say = useWords();
  const act = useRequestAct();
  const [refusing, setRefusing] = useState<RequestAction | null>(null);
  return (
    <li className="card">
      <div className="card-head">
        <span>{periodOf(request.period)}</span>
        <strong>
          {request.origin.name} → {request.destination.name}
        </strong>
        <Waypoints of={request.waypoints} />
        <small>
          {wordOf("purpose", request.purpose)} · {request.purpose_text}
        </small>
        <small>
          {request.unit.name} · {request.passenger.name} ·{" "}
          {t("request.passengers", { n: request.passengers })}
        </small>
      </div>
      <Failure error={act.error} />
      {refusing ? (
        <div className="card-body">
          {REASONS.map((reason) => (
            <button
              type="button"
              key={reason}
              className="second"
              disabled={act.isPending}
              onClick={() => act.mutate({ request, action: refusing, reason: say(reason) })}
            >
              {say(reason)}
            </button>
          ))}
          <button type="button" className="second" onClick={() => setRefusing(null)}>
            {t("common.cancel")}
          </button>
        </div>
      ) : (
        <div className="card-acts">
          <button
            type="button"
            className="main"
            disabled={act.isPending}
            onClick={() => act.mutate({ request, action: "approve" })}
          >
            {t("approvals.approve")}
          </button>
          <button type="button" className="second" onClick={() => setRefusing("send_back")}>
            {t("approvals.send_back")}
          </button>
          <button type="button" className="second" onClick={() => setRefusing("reject")}>
            {t("approvals.reject")}
          </button>
        </div>
      )}
    </li>
  );
}
