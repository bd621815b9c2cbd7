import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, message, Spin } from "antd";
import { useEffect } from "react";
import { type Problem, write } from "../api/client";
import { sentenceOf } from "../api/sentence";
import type { Candidate, Order, RideRequest, Suggestion } from "../api/types";
import { isTyping } from "../console/Keys";
import { useT } from "../i18n/console/words";
import { CandidateRow } from "./CandidateRow";

interface Props {
  request: RideRequest;
  onAssigned: () => void;
}

/** Ranked vehicles with their reasons; Enter assigns the first that has a driver. */
export function Suggestions({ request, onAssigned }: Props) {
  const t = useT();
  const client = useQueryClient();
  const [notice, noticePlace] = message.useMessage();
  const suggestion = useQuery({
    queryKey: ["suggestions", request.id, request.revision],
    queryFn: () => write<Suggestion>(`/requests/${request.id}/suggestions`),
    staleTime: 30_000,
    refetchOnWindowFocus: false,
  });
  const assign = useMutation<Order, Problem, Candidate>({
    mutationFn: (candidate) =>
      write(`/requests/${request.id}/assignment`, {
        vehicle_id: candidate.vehicle.id,
        driver_id: candidate.driver?.id,
        suggestion_id: suggestion.data?.id,
        revision: request.revision,
      }),
    onSuccess: (_, candidate) => {
      void notice.success(t("queue.assigned", { plate: candidate.vehicle.plate }));
      onAssigned();
    },
    // A refusal means that the world has moved on: suggest anew. After a success there is no more
    // to suggest.
    onError: () => client.invalidateQueries({ queryKey: ["suggestions", request.id] }),
    onSettled: () => client.invalidateQueries({ queryKey: ["/requests"] }),
  });
  const top = suggestion.data?.candidates.find((candidate) => candidate.driver !== null);
  const ready = top !== undefined && !assign.isPending && !suggestion.isFetching;
  useEnter(ready ? () => assign.mutate(top) : null);

  return (
    <section className="suggestions" aria-busy={suggestion.isFetching}>
      {noticePlace}
      <header>
        <h2>{t("queue.suggest")}</h2>
        {suggestion.data && <span>{t(`queue.${suggestion.data.travel_times}`)}</span>}
        {top && <kbd>{t("queue.top")}</kbd>}
      </header>
      {suggestion.isPending && !suggestion.error && <Spin />}
      {suggestion.error && <Alert type="error" showIcon title={sentenceOf(t, suggestion.error)} />}
      {assign.error && <Alert type="error" showIcon title={sentenceOf(t, assign.error)} />}
      {suggestion.data?.candidates.length === 0 && (
        <Alert type="warning" showIcon title={t("queue.noCandidates")} />
      )}
      <ol className="candidates">
        {suggestion.data?.candidates.map((candidate) => (
          <CandidateRow
            key={candidate.vehicle.id}
            candidate={candidate}
            first={candidate === top}
            busy={assign.isPending}
            onAssign={() => assign.mutate(candidate)}
          />
        ))}
      </ol>
      {suggestion.data && <LeftOut suggestion={suggestion.data} />}
    </section>
  );
}

function LeftOut({ suggestion: { left_out } }: { suggestion: Suggestion }) {
  const t = useT();
  if (left_out.length === 0) return null;
  return (
    <details className="left-out" open={left_out.length <= 6}>
      <summary>{t("queue.leftOut", { n: left_out.length })}</summary>
      <ul>
        {left_out.map(({ vehicle, rule, sentence }) => (
          <li key={vehicle.id + rule}>
            <strong>{vehicle.plate}</strong> {sentence}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Enter does `act`, unless a control or a text field has the focus and wants it itself. */
function useEnter(act: (() => void) | null): void {
  useEffect(() => {
    if (!act) return;
    function pressed(event: KeyboardEvent) {
      if (event.key !== "Enter" || event.repeat || isTyping(event)) return;
      const at = event.target as HTMLElement;
      const own = at.closest("button, a, summary");
      if (own && !own.classList.contains("queue-row")) return;
      event.preventDefault();
      act?.();
    }
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [act]);
}
