import { useQuery } from "@tanstack/react-query";
import { Alert, Spin } from "antd";
import { lazy, Suspense } from "react";
import { read } from "../api/client";
import { known } from "../api/known";
import { sentenceOf } from "../api/sentence";
import type { Finding, Trip } from "../api/types";
import { useT } from "../i18n/console/words";
import { WithPurpose } from "../session/WithPurpose";
import { periodOf } from "../time/format";
import { figureName, figureOf, readable } from "./figures";

const TripMap = lazy(() => import("../map/TripMap"));

/** One finding: what the rule saw, what speaks against it, and where the vehicle drove. */
export function FindingDetail({ id }: { id: string }) {
  const t = useT();
  const finding = useQuery({
    queryKey: ["/findings", id],
    queryFn: () => read<Finding>(`/findings/${id}`),
  });
  const shown = known(finding);
  return (
    <>
      {finding.error && <Alert type="error" showIcon title={sentenceOf(t, finding.error)} />}
      {finding.isPending && <Spin />}
      {shown && <Detail finding={shown} />}
    </>
  );
}

function Detail({ finding }: { finding: Finding }) {
  const t = useT();
  return (
    <article className="finding">
      <header>
        <span className="suspected">{t("findings.suspected")}</span>
        <h2>{finding.rule_label}</h2>
        <small>{t("findings.version", { n: finding.rule_version })}</small>
        {finding.superseded_at && <small>{t("findings.superseded")}</small>}
      </header>
      <p className="subject">
        <strong className="plate">{finding.vehicle.plate}</strong> {finding.unit.name}
        <br />
        {periodOf(finding.period)}
      </p>
      <h3>{t("findings.figures")}</h3>
      <dl className="figure-grid">
        {readable(finding.figures).map(([name, value]) => (
          <div key={name}>
            <dt>{figureName(name)}</dt>
            <dd>{figureOf(name, value)}</dd>
          </div>
        ))}
      </dl>
      <h3>{t("findings.counter")}</h3>
      {finding.counter_evidence.length === 0 ? (
        <p className="quiet-text">{t("findings.noCounter")}</p>
      ) : (
        <ul className="counter">
          {finding.counter_evidence.map(({ sentence }) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
      <h3>{t("findings.track")}</h3>
      {finding.trip_id ? (
        <WithPurpose>
          <Track tripId={finding.trip_id} />
        </WithPurpose>
      ) : (
        <p className="quiet-text">{t("findings.noTrack")}</p>
      )}
    </article>
  );
}

function Track({ tripId }: { tripId: string }) {
  const t = useT();
  const trip = useQuery({
    queryKey: ["/trips", tripId],
    queryFn: () => read<Trip>(`/trips/${tripId}`),
  });
  const shown = known(trip);
  if (shown && !shown.track?.coordinates.length) {
    return <p className="quiet-text">{t("findings.noTrack")}</p>;
  }
  return (
    <>
      {trip.error && <p className="quiet-text">{sentenceOf(t, trip.error)}</p>}
      {trip.isPending && <Spin />}
      {shown && (
        <Suspense fallback={<Spin />}>
          <TripMap trip={shown} />
        </Suspense>
      )}
    </>
  );
}
