import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { read } from "../api/client";
import { known } from "../api/known";
import { wordOf } from "../i18n/words";
import { Failure } from "../phone/Failure";
import WaypointLine from "../waypoints/WaypointLine";
import { EndRest } from "./EndRest";
import { LeftOutDays } from "./LeftOutDays";
import { Rewrite } from "./Rewrite";
import { SeriesRides } from "./SeriesRides";
import { betweenSaid, timesSaid } from "./said";
import type { Series, SeriesDetail } from "./types";
import { useSeriesAct } from "./useSeriesAct";
import { type Say, useWords } from "./words";

const TONES: Partial<Record<Series["state"], string>> = { unit_review: "wait", approved: "run" };

/** A series as a card: when and where, what was promised of it, and all its rides when opened. */
export function SeriesCard({ series }: { series: Series }) {
  const say = useWords();
  const [open, setOpen] = useState(false);
  return (
    <li className="card">
      <button
        type="button"
        className="card-head"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <span className={`pill ${TONES[series.state] ?? "off"}`}>
          {say(`state.${series.state}`)}
        </span>
        <span>{timesSaid(say, series)}</span>
        <SeriesWay series={series} say={say} />
      </button>
      {series.state_reason && <p className="note">{series.state_reason}</p>}
      {open && <Opened series={series} />}
    </li>
  );
}

/** Where a series goes, on which days, what for, and how many rides were promised. */
export function SeriesWay({ series, say }: { series: Series; say: Say }) {
  const { rides, promised, refused } = series;
  return (
    <>
      <strong>
        {series.origin.name} → {series.destination.name}
      </strong>
      {series.waypoints.length > 0 && <WaypointLine waypoints={series.waypoints} />}
      <small>
        {betweenSaid(say, series)} · {wordOf("purpose", series.purpose)} · {series.purpose_text}
      </small>
      {rides > 0 && (
        <small>
          {say("rides", { n: rides })} · {say("promised", { n: promised })}
          {refused > 0 && (
            <>
              {" · "}
              <b className="refused">{say("refused", { n: refused })}</b>
            </>
          )}
        </small>
      )}
    </>
  );
}

function Opened({ series }: { series: Series }) {
  const detail = useQuery({
    queryKey: ["/request-series", series.id, series.revision],
    queryFn: () => read<SeriesDetail>(`/request-series/${series.id}`),
    refetchInterval: ({ state }) =>
      state.data?.all_rides.some((ride) => ride.awaits_promise) ? 2_000 : 15_000,
  });
  const shown = known(detail);
  return (
    <div className="card-body">
      <Failure error={detail.error} />
      {shown && (
        <>
          <SeriesRides series={shown} />
          <LeftOutDays days={shown.left_out} />
          {shown.actions.includes("rewrite") && <Rewrite series={shown} />}
          {shown.actions.includes("withdraw") && <Withdraw series={shown} />}
          {shown.actions.includes("end") && <EndRest series={shown} />}
        </>
      )}
    </div>
  );
}

function Withdraw({ series }: { series: Series }) {
  const say = useWords();
  const act = useSeriesAct();
  return (
    <>
      <Failure error={act.error} />
      <button
        type="button"
        className="second"
        disabled={act.isPending}
        onClick={() => act.mutate({ series, action: "withdraw" })}
      >
        {say("withdraw")}
      </button>
    </>
  );
}
