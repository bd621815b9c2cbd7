import { Alert, Button, Empty, Input } from "antd";
import { useState } from "react";
import { sentenceOf } from "../api/sentence";
import type { RequestAction, RideRequest } from "../api/types";
import { useFilter } from "../console/filters";
import { Listing } from "../console/Listing";
import { PageHead } from "../console/PageHead";
import { useList } from "../console/useList";
import { useT } from "../i18n/console/words";
import { RequestFacts } from "./RequestFacts";
import { RequestRow } from "./RequestRow";
import { useQueueKeys } from "./useQueueKeys";
import { useRequestAct } from "./useRequestAct";
import "./requests.css";

/** Requests that wait for this person's decision. */
export default function ApprovalsPage() {
  const t = useT();
  const [picked, pick] = useFilter("r");
  const list = useList<RideRequest>("/requests", { state: "unit_review" }, { refetch_ms: 10_000 });
  const mine = list.items.filter((request) => request.actions.includes("approve"));
  const chosen = mine.find((request) => request.id === picked) ?? mine[0];
  useQueueKeys(
    mine.map((request) => request.id),
    chosen?.id ?? "",
    pick,
  );
  return (
    <div className="page">
      <PageHead title={t("approvals.heading")} note={t("common.count", { n: mine.length })} />
      <Listing list={list}>
        {!list.loading && !chosen ? (
          <Empty description={t("approvals.empty")} />
        ) : (
          <div className="queue">
            <nav className="queue-list" aria-label={t("approvals.heading")}>
              {mine.map((request) => (
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
                <Decision key={chosen.id} request={chosen} onDone={() => pick("")} />
              </section>
            )}
          </div>
        )}
      </Listing>
    </div>
  );
}

function Decision({ request, onDone }: { request: RideRequest; onDone: () => void }) {
  const t = useT();
  const act = useRequestAct();
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState(false);

  function decide(action: RequestAction) {
    const needsReason = action !== "approve";
    setMissing(needsReason && !reason.trim());
    if (needsReason && !reason.trim()) return;
    act.mutate({ request, action, reason: reason.trim() }, { onSuccess: onDone });
  }

  return (
    <div className="decision">
      {act.error && <Alert type="error" showIcon title={sentenceOf(t, act.error)} />}
      <Input.TextArea
        value={reason}
        rows={2}
        maxLength={500}
        status={missing ? "error" : ""}
        placeholder={t(missing ? "common.reason.needed" : "common.reason")}
        aria-label={t("common.reason")}
        onChange={(event) => setReason(event.target.value)}
      />
      <div>
        <Button type="primary" loading={act.isPending} onClick={() => decide("approve")}>
          {t("approvals.approve")}
        </Button>
        <Button disabled={act.isPending} onClick={() => decide("send_back")}>
          {t("approvals.send_back")}
        </Button>
        <Button danger disabled={act.isPending} onClick={() => decide("reject")}>
          {t("approvals.reject")}
        </Button>
      </div>
    </div>
  );
}
