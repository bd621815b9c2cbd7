import type { RideRequest } from "../api/types";
import { useT } from "../i18n/console/words";
import { wordOf } from "../i18n/words";
import { periodOf } from "../time/format";

interface Props {
  request: RideRequest;
  picked: boolean;
  onPick: () => void;
}

/** A request in a queue: when, where, for whom. */
export function RequestRow({ request, picked, onPick }: Props) {
  const t = useT();
  return (
    <button type="button" className="queue-row" aria-pressed={picked} onClick={onPick}>
      <span className="when">{periodOf(request.period)}</span>
      <span className="people">{t("request.passengers", { n: request.passengers })}</span>
      <strong>
        {request.origin.name} → {request.destination.name}
      </strong>
      <span className="who">
        {request.unit.name} · {request.passenger.name} · {wordOf("purpose", request.purpose)}
      </span>
    </button>
  );
}
