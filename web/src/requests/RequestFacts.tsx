import type { RideRequest } from "../api/types";
import { useT } from "../i18n/console/words";
import { periodOf } from "../time/format";
import { RideFacts } from "./RideFacts";

/** A request, in full. */
export function RequestFacts({ request }: { request: RideRequest }) {
  const t = useT();
  return (
    <RideFacts ride={request}>
      <dt>{t("common.period")}</dt>
      <dd className="strong">{periodOf(request.period)}</dd>
    </RideFacts>
  );
}
