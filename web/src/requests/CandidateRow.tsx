import { Button } from "antd";
import type { Candidate } from "../api/types";
import { useT } from "../i18n/console/words";
import { spanOf, wordOf } from "../i18n/words";
import { kilometres } from "../time/format";

interface Props {
  candidate: Candidate;
  /** Whether Enter would assign this one. */
  first: boolean;
  busy: boolean;
  onAssign: () => void;
}

export function CandidateRow({ candidate, first, busy, onAssign }: Props) {
  const t = useT();
  const { vehicle, driver } = candidate;
  return (
    <li className={first ? "candidate first" : "candidate"}>
      <span className="rank">{candidate.rank}</span>
      <div className="which">
        <strong>{vehicle.plate}</strong>
        <span>
          {t("queue.seats", { n: vehicle.seats })} · {wordOf("holding", vehicle.holding)} ·{" "}
          {candidate.unit.name}
        </span>
        <span className={driver ? "" : "lacking"}>
          {driver ? `${t("common.driver")} ${driver.name}` : t("queue.noDriver")}
        </span>
      </div>
      <ul className="reasons" aria-label={t("queue.why")}>
        {candidate.reasons.map(({ rule, sentence }) => (
          <li key={rule}>{sentence}</li>
        ))}
      </ul>
      <dl className="figures">
        <dt>{t("queue.arrival")}</dt>
        <dd>{candidate.arrival_s === null ? "—" : spanOf(t, candidate.arrival_s)}</dd>
        <dt>{t("queue.empty_m")}</dt>
        <dd>
          {candidate.empty_m === null ? "—" : t("common.km", { n: kilometres(candidate.empty_m) })}
        </dd>
        {candidate.position_age_s !== null && (
          <dd className="age">{t("queue.age", { age: spanOf(t, candidate.position_age_s) })}</dd>
        )}
      </dl>
      <Button
        type={first ? "primary" : "default"}
        disabled={!driver}
        loading={busy && first}
        onClick={onAssign}
        aria-label={`${t("queue.assign")} ${vehicle.plate}`}
      >
        {t("queue.assign")}
      </Button>
    </li>
  );
}
