import type { RideRequest } from "../api/types";
import { useT } from "../i18n/console/words";
import { spanOf, wordOf } from "../i18n/words";
import { useTick } from "../live/live";
import { periodOf } from "../time/format";

const SOON_S = 30 * 60;

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
      <Starts request={request} />
      <span className="people">{t("request.passengers", { n: request.passengers })}</span>
      <strong className="way">
        {request.pickup.name} → {request.destination.name}
      </strong>
      <span className="who">
        {request.unit.name} · {request.passenger.name} · {wordOf("purpose", request.purpose)}
      </span>
      {request.auto_dispatch && (
        <span className="auto">
          {t("queue.auto")} · {request.auto_dispatch.sentence}
        </span>
      )}
    </button>
  );
}

/** How soon the ride begins, or for how long it should have begun. */
function Starts({ request }: { request: RideRequest }) {
  const t = useT();
  const left_s = (Date.parse(request.period.start) - useTick(30_000)) / 1000;
  if (request.state !== "awaiting_dispatch" || left_s > SOON_S) return null;
  return (
    <strong className={left_s < 0 ? "starts overdue" : "starts"}>
      {t(left_s < 0 ? "queue.overdue" : "queue.startsIn", { span: spanOf(t, Math.abs(left_s)) })}
    </strong>
  );
}
