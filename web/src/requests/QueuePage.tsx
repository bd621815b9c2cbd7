import { Empty } from "antd";
import { useState } from "react";
import type { Problem } from "../api/client";
import type { Order, RideRequest } from "../api/types";
import { useFilter } from "../console/filters";
import { Listing } from "../console/Listing";
import { PageHead } from "../console/PageHead";
import { useList } from "../console/useList";
import { useT } from "../i18n/console/words";
import { RequestFacts } from "./RequestFacts";
import { RequestRow } from "./RequestRow";
import { StaleNotice } from "./StaleNotice";
import { Suggestions } from "./Suggestions";
import { UndoBar } from "./UndoBar";
import { useQueueKeys } from "./useQueueKeys";
import { Warnings } from "./Warnings";
import "./requests.css";

/** Approved requests on the left; the chosen one with its suggested vehicles on the right. */
export default function QueuePage() {
  const t = useT();
  const [picked, pick] = useFilter("r");
  const [made, setMade] = useState<Order | null>(null);
  const [refusal, setRefusal] = useState<Problem | null>(null);
  const list = useList<RideRequest>(
    "/requests",
    { state: "awaiting_dispatch" },
    { refetch_ms: 5_000 },
  );
  const chosen = list.items.find((request) => request.id === picked) ?? list.items[0];
  useQueueKeys(
    list.items.map((request) => request.id),
    chosen?.id ?? "",
    pick,
  );

  function assigned(order: Order) {
    setRefusal(null);
    setMade(order);
    pick("");
  }

  return (
    <div className="page">
      <PageHead title={t("queue.heading")} note={t("common.count", { n: list.items.length })} />
      <Warnings />
      {refusal && <StaleNotice problem={refusal} onClose={() => setRefusal(null)} />}
      <Listing list={list}>
        {!list.loading && !chosen ? (
          <Empty description={t("queue.empty")} />
        ) : (
          <div className="queue">
            <nav className="queue-list" aria-label={t("queue.heading")}>
              {list.items.map((request) => (
                <RequestRow
                  key={request.id}
                  request={request}
                  picked={request.id === chosen?.id}
                  onPick={() => pick(request.id)}
                />
              ))}
            </nav>
            {chosen && (
              <section className="queue-detail">
                <RequestFacts request={chosen} />
                <Suggestions
                  key={chosen.id}
                  request={chosen}
                  onAssigned={assigned}
                  onRefused={setRefusal}
                />
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
