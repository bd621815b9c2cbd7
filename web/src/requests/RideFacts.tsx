import type { ReactNode } from "react";
import type { RideRequest } from "../api/types";
import { useT } from "../i18n/console/words";
import { wordOf } from "../i18n/words";
import WaypointLine from "../waypoints/WaypointLine";

type Asked =
  | "origin"
  | "destination"
  | "waypoints"
  | "round_trip"
  | "purpose"
  | "purpose_text"
  | "unit"
  | "passenger"
  | "passengers"
  | "may_share"
  | "applicant";

interface Props {
  /** A request, or a series of rides. */
  ride: Pick<RideRequest, Asked>;
  /** When it is, as terms and their descriptions. */
  children: ReactNode;
}

/** What was asked for, in full. */
export function RideFacts({ ride, children }: Props) {
  const t = useT();
  return (
    <dl className="facts">
      {children}
      <dt>{t("request.route")}</dt>
      <dd className="strong">
        {ride.origin.name} → {ride.destination.name}
        <small>{t(ride.round_trip ? "request.round_trip" : "request.one_way")}</small>
        {ride.waypoints.length > 0 && <WaypointLine waypoints={ride.waypoints} />}
      </dd>
      <dt>{t("request.purpose")}</dt>
      <dd>
        {wordOf("purpose", ride.purpose)}
        {ride.purpose_text && ` · ${ride.purpose_text}`}
      </dd>
      <dt>{t("common.unit")}</dt>
      <dd>{ride.unit.name}</dd>
      <dt>{t("request.passenger")}</dt>
      <dd>
        {ride.passenger.name}
        <small>{t("request.passengers", { n: ride.passengers })}</small>
        {ride.may_share && <small>{t("request.may_share")}</small>}
      </dd>
      <dt>{t("request.applicant")}</dt>
      <dd>{ride.applicant.name}</dd>
    </dl>
  );
}
