import type { RideRequest } from "../api/types";
import { useT } from "../i18n/console/words";
import { wordOf } from "../i18n/words";
import { periodOf } from "../time/format";
import WaypointLine from "../waypoints/WaypointLine";

/** What was asked for, in full. */
export function RequestFacts({ request }: { request: RideRequest }) {
  const t = useT();
  return (
    <dl className="facts">
      <dt>{t("common.period")}</dt>
      <dd className="strong">{periodOf(request.period)}</dd>
      <dt>{t("request.route")}</dt>
      <dd className="strong">
        {request.origin.name} → {request.destination.name}
        <small>{t(request.round_trip ? "request.round_trip" : "request.one_way")}</small>
        {request.waypoints.length > 0 && <WaypointLine waypoints={request.waypoints} />}
      </dd>
      <dt>{t("request.purpose")}</dt>
      <dd>
        {wordOf("purpose", request.purpose)}
        {request.purpose_text && ` · ${request.purpose_text}`}
      </dd>
      <dt>{t("common.unit")}</dt>
      <dd>{request.unit.name}</dd>
      <dt>{t("request.passenger")}</dt>
      <dd>
        {request.passenger.name}
        <small>{t("request.passengers", { n: request.passengers })}</small>
        {request.may_share && <small>{t("request.may_share")}</small>}
      </dd>
      <dt>{t("request.applicant")}</dt>
      <dd>{request.applicant.name}</dd>
    </dl>
  );
}
