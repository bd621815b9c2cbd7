import { Alert, Empty } from "antd";
import { useState } from "react";
import type { Problem } from "../api/client";
import { Listing } from "../console/Listing";
import { PageHead } from "../console/PageHead";
import { useT } from "../i18n/console/words";
import { SeriesFacts } from "../series/SeriesFacts";
import { SeriesRow } from "../series/SeriesRow";
import { useSeriesAct } from "../series/useSeriesAct";
import { Decision, type Verdict } from "./Decision";
import { RequestFacts } from "./RequestFacts";
import { RequestRow } from "./RequestRow";
import { StaleNotice } from "./StaleNotice";
import { type Asked, isSeries, useToApprove } from "./toApprove";
import { useChosen } from "./useChosen";
import { useQueueKeys } from "./useQueueKeys";
import { useRequestAct } from "./useRequestAct";
import "./requests.css";

/** Requests and series of rides that wait for this person's decision. */
export default function ApprovalsPage() {
  const t = useT();
  const [refusal, setRefusal] = useState<Problem | null>(null);
  const list = useToApprove();
  const { waiting, chosen, gone, pick, done } = useChosen(list.items);
  const { pending, decide } = useDecide({
    onDone: () => {
      setRefusal(null);
      done();
    },
    onRefused: setRefusal,
  });

  function choose(id: string) {
    setRefusal(null);
    pick(id);
  }

  useQueueKeys(
    waiting.map(({ id }) => id),
    chosen?.id ?? "",
    choose,
  );
  return (
    <div className="page">
      <PageHead
        title={t("approvals.heading")}
        note={!list.loading && t("common.count", { n: waiting.length })}
      />
      {refusal && <StaleNotice problem={refusal} onClose={() => setRefusal(null)} />}
      <Listing list={list}>
        {gone && <Alert type="warning" showIcon title={t("approvals.gone")} />}
        {!list.loading && waiting.length === 0 ? (
          <Empty description={t("approvals.empty")} />
        ) : (
          <div className="queue">
            <nav className="queue-list" aria-label={t("approvals.heading")}>
              {waiting.map((asked) => (
                <Row
                  key={asked.id}
                  asked={asked}
                  picked={asked.id === chosen?.id}
                  onPick={() => choose(asked.id)}
                />
              ))}
            </nav>
            {chosen && (
              <section className="queue-detail">
                {isSeries(chosen) ? (
                  <SeriesFacts series={chosen} />
                ) : (
                  <RequestFacts request={chosen} />
                )}
                <Decision
                  key={chosen.id}
                  pending={pending}
                  onDecide={(verdict, reason) => decide(chosen, verdict, reason)}
                />
              </section>
            )}
          </div>
        )}
      </Listing>
    </div>
  );
}

interface RowProps {
  asked: Asked;
  picked: boolean;
  onPick: () => void;
}

const Row = ({ asked, ...row }: RowProps) =>
  isSeries(asked) ? <SeriesRow series={asked} {...row} /> : <RequestRow request={asked} {...row} />;

interface Outcome {
  onDone: () => void;
  onRefused: (problem: Problem) => void;
}

/** Sends a verdict on a request or a series; the page hears of it even when that has gone. */
function useDecide({ onDone, onRefused }: Outcome) {
  const request = useRequestAct();
  const series = useSeriesAct();

  function decide(asked: Asked, action: Verdict, reason: string) {
    const outcome = { onSuccess: onDone, onError: onRefused };
    if (isSeries(asked)) series.mutate({ series: asked, action, reason }, outcome);
    else request.mutate({ request: asked, action, reason }, outcome);
  }

  return { pending: request.isPending || series.isPending, decide };
}
