import { useMutation } from "@tanstack/react-query";
import { type Problem, write } from "../api/client";
import { sentenceOf } from "../api/sentence";
import { useT } from "../i18n/language";
import { Failure } from "../phone/Failure";
import { periodOf } from "../time/format";
import { requestAt } from "./instead";
import { listed } from "./said";
import type { Alternatives, OtherTime, SeriesDetail, SeriesRide } from "./types";
import { useAgain } from "./useSeriesAct";
import { useWords } from "./words";

interface Props {
  ride: SeriesRide;
  series: SeriesDetail;
  alternatives: Alternatives;
}

/** What could be done instead of a ride that was refused; another time is taken by one tap. */
export function Instead({ ride, series, alternatives }: Props) {
  const t = useT();
  const say = useWords();
  const again = useAgain();
  const { other_times, other_pools, rental } = alternatives;
  const pools = [...other_pools, ...rental].map((one) => one.organisation.name);
  const take = useMutation<Problem | null, Problem, OtherTime>({
    mutationFn: async (time) => {
      await write("/requests", requestAt(series, time));
      return withdrawn(ride);
    },
    onSettled: again,
  });
  if (take.isSuccess) {
    const why = take.data && sentenceOf(t, take.data);
    return (
      <p className="note" role="status">
        {why ? say("instead.both", { why }) : say("instead.taken")}
      </p>
    );
  }
  return (
    <div className="instead">
      <strong>{say("instead")}</strong>
      <Failure error={take.error} />
      {other_times.map((time) => (
        <button
          key={time.start}
          type="button"
          className="second"
          disabled={take.isPending}
          onClick={() => take.mutate(time)}
        >
          {say("instead.time", { period: periodOf(time) })}
        </button>
      ))}
      {other_times.length > 0 && <small>{say("instead.time.note")}</small>}
      {pools.length > 0 && (
        <small>{say("instead.pool", { names: listed(say, [...new Set(pools)]) })}</small>
      )}
      {other_times.length + pools.length === 0 && <small>{say("instead.none")}</small>}
    </div>
  );
}

/** Withdraw the refused ride; return what kept it from that. */
async function withdrawn(ride: SeriesRide): Promise<Problem | null> {
  try {
    await write(`/requests/${ride.request_id}/withdraw`, { revision: ride.revision });
    return null;
  } catch (refusal) {
    return refusal as Problem;
  }
}
