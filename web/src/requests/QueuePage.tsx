import { Alert, Empty } from "antd";
import { lazy, Suspense, useState } from "react";
import type { Problem } from "../api/client";
import type { Order, RideRequest } from "../api/types";
import { Listing } from "../console/Listing";
import { PageHead } from "../console/PageHead";
import { useList } from "../console/useList";
import { useT } from "../i18n/console/words";
import { RequestFacts } from "./RequestFacts";
import { RequestRow } from "./RequestRow";
import { StaleNotice } from "./StaleNotice";
import { Suggestions } from "./Suggestions";
import { UndoBar } from "./UndoBar";
import { useChosen } from "./useChosen";
import { useQueueKeys } from "./useQueueKeys";
import { Warnings } from "./Warnings";
import "./requests.css";

const SharedRides = lazy(() => import("../sharing/SharedRides"));
const Promised = lazy(() => import("../promises/Promised"));
const JoinedNotice = lazy(() => import("../sharing/JoinedNotice"));

/** Approved requests on the left; the chosen one with its suggested vehicles on the right. */
export default function QueuePage() {
  const t = useT();
  const [made, setMade] = useState<Order | null>(null);
  const [joined, setJoined] = useState<Order | null>(null);
  const [refusal, setRefusal] = useState<Problem | null>(null);
  const list = useList<RideRequest>(
    "/requests",
    { state: "awaiting_dispatch", sort: "urgency" },
    { refetch_ms: 5_000 },
  );
  const { waiting, chosen, gone, pick, done } = useChosen(list.items);
  useQueueKeys(
    waiting.map((request) => request.id),
    chosen?.id ?? "",
    pick,
  );

  function assigned(order: Order) {
    setRefusal(null);
    setJoined(null);
    setMade(order);
    done();
  }

  function tookAlong(order: Order) {
    setRefusal(null);
    setMade(null);
    setJoined(order);
    done();
  }

  return (
    <div className="page">
      <PageHead
        title={t("queue.heading")}
        note={!list.loading && t("common.count", { n: waiting.length })}
      />
      <Warnings />
      {refusal && <StaleNotice problem={refusal} onClose={() => setRefusal(null)} />}
      <Suspense>
        {joined && <JoinedNotice order={joined} onClose={() => setJoined(null)} />}
      </Suspense>
      <Listing list={list}>
        {!list.loading && waiting.length === 0 ? (
          <Empty description={t("queue.empty")} />
        ) : (
          <div className="queue">
            <nav className="queue-list" aria-label={t("queue.heading")}>
              {waiting.map((request) => (
                <RequestRow
                  key={request.id}
                  request={request}
                  picked={request.id === chosen?.id}
                  onPick={() => pick(request.id)}
                />
              ))}
            </nav>
            {gone && (
              <section className="queue-detail">
                <Alert type="warning" showIcon title={t("queue.gone")} />
              </section>
            )}
            {chosen && (
              <section className="queue-detail">
                <RequestFacts request={chosen} />
                <Suspense>
                  <Promised key={chosen.id} request={chosen} />
                </Suspense>
                <Suggestions
                  key={chosen.id}
                  request={chosen}
                  onAssigned={assigned}
                  onRefused={setRefusal}
                />
                {chosen.may_share && (
                  <Suspense>
                    <SharedRides key={chosen.id} request={chosen} onJoined={tookAlong} />
                  </Suspense>
                )}
              </section>
            )}
          </div>
        )}
      </Listing>
      {made && (
        <UndoBar
          key={made.id}
          order={made}
          onUndone={(order) => pick(order.requests[0]?.id ?? "")}
          onClose={() => setMade(null)}
        />
      )}
    </div>
  );
}
