import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Spin } from "antd";
import { useState } from "react";
import { type Problem, write } from "../api/client";
import { sentenceOf } from "../api/sentence";
import type { Candidate, Order, RideRequest, Suggestion } from "../api/types";
import { useT } from "../i18n/console/words";
import { CandidateRow } from "./CandidateRow";
import { LeftOut } from "./LeftOut";
import { isEnter, isRank, useKey } from "./useKey";

interface Props {
  request: RideRequest;
  onAssigned: (order: Order) => void;
  onRefused: (problem: Problem) => void;
}

/** Refusals that a person's reason overcomes. */
const WANT_REASON = new Set([
  "promise-worsened",
  "reason-needed",
  "override-needs-reason",
  "not-first-needs-reason",
]);

interface Choice {
  candidate: Candidate;
  /** Why it isn't the first. */
  reason?: string;
}

/** Ranked vehicles with their reasons; Enter assigns the first that has a driver. */
export function Suggestions({ request, onAssigned, onRefused }: Props) {
  const t = useT();
  const client = useQueryClient();
  const [asked, ask] = useState("");
  const suggestion = useQuery({
    queryKey: ["suggestions", request.id, request.revision],
    queryFn: () => write<Suggestion>(`/requests/${request.id}/suggestions`),
    staleTime: 30_000,
    refetchOnWindowFocus: false,
  });
  const assign = useMutation<Order, Problem, Choice>({
    mutationFn: ({ candidate, reason }) =>
      write(`/requests/${request.id}/assignment`, {
        vehicle_id: candidate.vehicle.id,
        driver_id: candidate.driver?.id,
        suggestion_id: suggestion.data?.id,
        revision: request.revision,
        ...(reason ? { reason } : {}),
      }),
    onSuccess: onAssigned,
    onError: (problem, { candidate }) => {
      onRefused(problem);
      if (WANT_REASON.has(problem.type)) ask(candidate.vehicle.id);
    },
    onSettled: async (_order, problem) => {
      await client.invalidateQueries({ queryKey: ["/requests"] });
      // The world has moved on: suggest anew, unless the request itself is gone from the queue.
      if (problem && !WANT_REASON.has(problem.type))
        await client.invalidateQueries({ queryKey: ["suggestions", request.id] });
    },
  });
  const candidates = suggestion.data?.candidates ?? [];
  const top = candidates.find((candidate) => candidate.driver !== null);
  const ready = top !== undefined && !assign.isPending && !suggestion.isFetching;
  useKey(isEnter, ready ? () => assign.mutate({ candidate: top }) : null);
  useKey(isRank, ready ? (event) => choose(candidates[Number(event.key) - 1]) : null);

  function choose(candidate: Candidate | undefined) {
    if (!candidate?.driver) return;
    if (candidate === top) assign.mutate({ candidate });
    else ask(candidate.vehicle.id);
  }

  return (
    <section className="suggestions" aria-busy={suggestion.isFetching}>
      <header>
        <h2>{t("queue.suggest")}</h2>
        {suggestion.data && <span>{t(`queue.${suggestion.data.travel_times}`)}</span>}
        {top && <kbd>{t("queue.top")}</kbd>}
        {candidates.length > 1 && <kbd>{t("queue.others")}</kbd>}
      </header>
      {suggestion.isPending && !suggestion.error && <Spin />}
      {suggestion.error && <Alert type="error" showIcon title={sentenceOf(t, suggestion.error)} />}
      {suggestion.data && candidates.length === 0 && (
        <Alert type="warning" showIcon title={t("queue.noCandidates")} />
      )}
      <ol className="candidates">
        {candidates.map((candidate) => (
          <CandidateRow
            key={candidate.vehicle.id}
            candidate={candidate}
            first={candidate === top}
            busy={assign.isPending}
            asking={candidate.vehicle.id === asked}
            onChoose={() => choose(candidate)}
            onReason={(reason) => assign.mutate({ candidate, reason })}
            onClose={() => ask("")}
          />
        ))}
      </ol>
      {suggestion.data && <LeftOut suggestion={suggestion.data} />}
    </section>
  );
}
