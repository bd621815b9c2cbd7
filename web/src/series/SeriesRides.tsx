import { useState } from "react";
import type { RequestDetail } from "../api/types";
import { useT } from "../i18n/language";
import { Failure } from "../phone/Failure";
import { StatePill } from "../phone/StatePill";
import { useRequestAct } from "../requests/useRequestAct";
import { Instead } from "./Instead";
import { callOffOf, promisedOf, toCome } from "./returning";
import { daySaid } from "./said";
import type { SeriesDetail, SeriesRide } from "./types";
import { useWords } from "./words";

const AT_FIRST = 10;

/** The rides of a series that are to come, by day: what was promised, and what could be instead. */
export function SeriesRides({ series }: { series: SeriesDetail }) {
  const say = useWords();
  const [all, showAll] = useState(false);
  const coming = toCome(series.all_rides, Date.now());
  // What was refused needs its passenger, however late it is.
  const first = coming.filter((ride, n) => n < AT_FIRST || promisedOf(ride) === "refused");
  const shown = all ? coming : first;
  return (
    <section aria-label={say("dates")}>
      <ol className="rides">
        {shown.map((ride) => (
          <Ride key={ride.day} ride={ride} series={series} />
        ))}
      </ol>
      {shown.length < coming.length && (
        <button type="button" className="second" onClick={() => showAll(true)}>
          {say("all", { n: coming.length })}
        </button>
      )}
    </section>
  );
}

interface Props {
  ride: SeriesRide;
  series: SeriesDetail;
}

function Ride({ ride, series }: Props) {
  const say = useWords();
  return (
    <li>
      <div className="ride">
        <strong>{daySaid(say, ride.day)}</strong>
        <Standing ride={ride} />
        <CallOff ride={ride} />
      </div>
      {ride.day_off !== null && ride.day_off !== undefined && (
        <p className="note">{say("ride.day_off", { name: ride.day_off })}</p>
      )}
      {callOffOf(ride) === "withdraw" && promisedOf(ride) === "refused" && ride.alternatives && (
        <Instead ride={ride} series={series} alternatives={ride.alternatives} />
      )}
    </li>
  );
}

/** What was promised while a ride awaits its vehicle; afterwards how far it has come. */
function Standing({ ride }: { ride: SeriesRide }) {
  const say = useWords();
  if (!ride.state) return <span className="quiet">{say("ride.planned")}</span>;
  if (ride.state !== "awaiting_dispatch") return <StatePill state={ride.state} />;
  const promised = promisedOf(ride);
  return <span className={`pill ${promised}`}>{say(`ride.${promised}`)}</span>;
}

/** Calls off this one ride; the others stay. */
function CallOff({ ride }: { ride: SeriesRide }) {
  const t = useT();
  const say = useWords();
  const act = useRequestAct();
  const action = callOffOf(ride);
  if (!action || !ride.request_id) return null;
  const request = { id: ride.request_id, revision: ride.revision ?? 0 } as RequestDetail;
  return (
    <>
      <button
        type="button"
        aria-label={say("ride.off", { day: daySaid(say, ride.day) })}
        disabled={act.isPending}
        onClick={() => act.mutate({ request, action, reason: t(`request.${action}`) })}
      >
        {say("ride.off.short")}
      </button>
      <Failure error={act.error} />
    </>
  );
}
