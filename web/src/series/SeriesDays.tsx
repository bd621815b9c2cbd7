import { useQuery } from "@tanstack/react-query";
import { read } from "../api/client";
import { known } from "../api/known";
import { Failure } from "../phone/Failure";
import { LeftOutDays } from "./LeftOutDays";
import { daySaid, listed } from "./said";
import type { Series, SeriesDetail } from "./types";
import { useWords } from "./words";

/** On which days a series would be, and on which of those that were named it would not. */
export function SeriesDays({ series }: { series: Series }) {
  const say = useWords();
  const detail = useQuery({
    queryKey: ["/request-series", series.id, series.revision],
    queryFn: () => read<SeriesDetail>(`/request-series/${series.id}`),
  });
  const shown = known(detail);
  if (!shown) return <Failure error={detail.error} />;
  const days = shown.all_rides.map((ride) => daySaid(say, ride.day));
  return (
    <>
      <details className="left-out">
        <summary>{say("rides", { n: days.length })}</summary>
        <p>{listed(say, days)}</p>
      </details>
      <LeftOutDays days={shown.left_out} />
    </>
  );
}
