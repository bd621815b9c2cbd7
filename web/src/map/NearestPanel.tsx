import type { UseQueryResult } from "@tanstack/react-query";
import { Alert, InputNumber, Spin } from "antd";
import { useEffect, useRef } from "react";
import { sentenceOf } from "../api/sentence";
import type { Candidate, Suggestion } from "../api/types";
import { useT } from "../i18n/console/words";
import { spanOf } from "../i18n/words";
import { LeftOut } from "../requests/LeftOut";
import { kilometres } from "../time/format";

interface Props {
  nearest: UseQueryResult<Suggestion>;
  passengers: number;
  onPassengers: (n: number) => void;
  onPick: (id: string) => void;
  onClose: () => void;
}

/** Who could be at the place soonest, in words; the map bears the same numbers. */
export function NearestPanel({ nearest, passengers, onPassengers, onPick, onClose }: Props) {
  const t = useT();
  const { data, error, isPending } = nearest;
  const panel = useRef<HTMLElement>(null);
  useEffect(() => panel.current?.focus(), []);
  return (
    <aside
      ref={panel}
      className="nearest"
      tabIndex={-1}
      aria-label={t("nearest.heading")}
      aria-busy={isPending}
      onKeyDown={(event) => event.key === "Escape" && onClose()}
    >
      <header>
        <h2>{t("nearest.heading")}</h2>
        <span>
          {t("nearest.passengers")}{" "}
          <InputNumber
            size="small"
            min={1}
            max={60}
            value={passengers}
            aria-label={t("nearest.passengers")}
            onChange={(n) => n && onPassengers(n)}
          />
        </span>
        <button type="button" aria-label={t("common.close")} onClick={onClose}>
          ×
        </button>
      </header>
      {isPending && <Spin />}
      {error && <Alert type="error" showIcon title={sentenceOf(t, error)} />}
      {data && data.candidates.length === 0 && <p>{t("queue.noCandidates")}</p>}
      {data && data.candidates.length > 0 && <p className="note">{t("nearest.order")}</p>}
      <ol>
        {data?.candidates.map(({ vehicle, rank, unit, driver, arrival_s, empty_m, reasons }) => (
          <li key={vehicle.id}>
            <button type="button" onClick={() => onPick(vehicle.id)}>
              <span className={rank === 1 ? "rank-mark first" : "rank-mark"}>{rank}</span>
              <strong>{vehicle.plate}</strong>
              <b>{spanOf(t, arrival_s)}</b>
              <span className="who">
                {unit.name} · {driver?.name ?? t("queue.noDriver")}
              </span>
              <span className="far">{t("common.km", { n: kilometres(empty_m) })}</span>
              <span className="use">{stepOf(reasons)}</span>
            </button>
          </li>
        ))}
      </ol>
      {data && <p className="note">{t(`queue.${data.travel_times}`)}</p>}
      {data && <LeftOut suggestion={data} />}
    </aside>
  );
}

/** The step of the order of use (用车次序) at which a vehicle stands. */
const stepOf = (reasons: Candidate["reasons"]) =>
  reasons.find(({ rule }) => rule === "order_of_use")?.sentence;
