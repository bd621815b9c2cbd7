import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Spin } from "antd";
import { useState } from "react";
import { type Problem, write } from "../api/client";
import { sentenceOf } from "../api/sentence";
import type { Candidate, Order, RideRequest, Suggestion } from "../api/types";
import { useT } from "../i18n/console/words";
import { AssignLeftOut } from "./AssignLeftOut";
import { CandidateRow } from "./CandidateRow";
import { LeftOut } from "./LeftOut";
import { isEnter, isRank, useKey } from "./useKey";

interface Props {
  request: RideRequest;
  onAssigned: (order: Order) => void;
  onRefused: (problem: Problem) => void;
}

const OBJECTED = "override-needs-reason";
/** Refusals that a person's reason overcomes. */
const WANT_REASON = new Set([
  "promise-worsened",
  "reason-needed",
  OBJECTED,
  "not-first-needs-reason",
]);

interface Choice {
  vehicle: string;
  driver: string;
  /** Why it isn't the first, or all the same. */
  reason?: string;
}

/** The vehicle for which a reason is asked, and what was said against it when it was tried. */
interface Asked {
  vehicle: string;
  against?: Problem;
}

/** Ranked vehicles with their reasons; Enter assigns the first that has a driver. */
export function Suggestions({ request, onAssigned, onRefused }: Props) {
  const t = useT();
  const client = useQueryClient();
  const [asked, ask] = useState<Asked | null>(null);
  const suggestion = useQuery({
    queryKey: ["suggestions", request.id, request.revision],
    queryFn: () => write<Suggestion>(`/requests/${request.id}/suggestions`),
    staleTime: 30_000,
    refetchOnWindowFocus: false,
  });
  const assign = useMutation<Order, Problem, Choice>({
    mutationFn: ({ vehicle, driver, reason }) =>
      write(`/requests/${request.id}/assignment`, {
        vehicle_id: vehicle,
        driver_id: driver,
        suggestion_id: suggestion.data?.id,
        revision: request.revision,
        ...(reason ? { reason } : {}),
        // Only what the dispatcher has before their eyes is overridden.
        ...(asked?.vehicle === vehicle && asked.against?.type === OBJECTED
          ? { override: true }
          : {}),
      }),
    onSuccess: onAssigned,
    onError: (problem, { vehicle }) => {
      if (WANT_REASON.has(problem.type)) ask({ vehicle, against: problem });
      else onRefused(problem);
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
  // While a reason is asked for one vehicle, Enter assigns no other.
  useKey(isEnter, ready && !asked ? () => choose(top) : null);
  useKey(isRank, ready ? (event) => choose(candidates[Number(event.key) - 1]) : null);

  function choose(candidate: Candidate | undefined) {
    if (!candidate?.driver) return;
    if (candidate === top) assignTo(candidate);
    else ask({ vehicle: candidate.vehicle.id });
  }

  function assignTo({ vehicle, driver }: Candidate, reason?: string) {
    if (driver)
      assign.mutate({ vehicle: vehicle.id, driver: driver.id, ...(reason && { reason }) });
  }

  function saidAgainst(vehicle: string) {
    return asked?.vehicle === vehicle && asked.against ? sentenceOf(t, asked.against) : undefined;
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
            asking={candidate.vehicle.id === asked?.vehicle}
            against={saidAgainst(candidate.vehicle.id)}
            onChoose={() => choose(candidate)}
            onReason={(reason) => assignTo(candidate, reason)}
            onClose={() => ask(null)}
          />
        ))}
      </ol>
      {suggestion.data && (
        <LeftOut
          suggestion={suggestion.data}
          choosing={{
            asked: asked?.vehicle,
            onAsk: (vehicle) => ask({ vehicle }),
            form: ({ vehicle, sentence }) => (
              <AssignLeftOut
                key={vehicle.id}
                against={saidAgainst(vehicle.id) ?? sentence}
                refused={asked?.against !== undefined}
                pending={assign.isPending}
                onDriver={() => ask({ vehicle: vehicle.id })}
                onAssign={(driver, reason) =>
                  assign.mutate({ vehicle: vehicle.id, driver, reason })
                }
                onClose={() => ask(null)}
              />
            ),
          }}
        />
      )}
    </section>
  );
}
