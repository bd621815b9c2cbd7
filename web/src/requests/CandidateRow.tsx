import { Button } from "antd";
import type { Candidate } from "../api/types";
import { useT } from "../i18n/console/words";
import { wordOf } from "../i18n/words";
import { CandidateFigures } from "./CandidateFigures";
import { CostTerms } from "./CostTerms";
import { Override } from "./Override";

interface Props {
  candidate: Candidate;
  /** Whether Enter would assign this one. */
  first: boolean;
  busy: boolean;
  /** Whether the reason for this one instead of the first is being asked for. */
  asking: boolean;
  /** What was said against it when it was tried. */
  against?: string | undefined;
  onChoose: () => void;
  onReason: (reason: string) => void;
  onClose: () => void;
}

/** Reasons that the figures beside them say as well. */
const IN_FIGURES = new Set(["arrival_time", "empty_distance"]);

export function CandidateRow(props: Props) {
  const { candidate, first, busy, asking, against, onChoose, onReason, onClose } = props;
  const t = useT();
  const { vehicle, driver } = candidate;
  const reasons = first
    ? candidate.reasons
    : candidate.reasons.filter(({ rule }) => !IN_FIGURES.has(rule));
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
      <div>
        <ul className="reasons" aria-label={t("queue.why")}>
          {reasons.map(({ rule, sentence }) => (
            <li key={rule}>{sentence}</li>
          ))}
        </ul>
        <CostTerms cost={candidate.cost} />
      </div>
      <CandidateFigures candidate={candidate} />
      <Button
        type={first ? "primary" : "default"}
        disabled={!driver}
        loading={busy && first}
        onClick={onChoose}
        aria-label={`${t("queue.assign")} ${vehicle.plate}`}
      >
        {t("queue.assign")}
      </Button>
      {asking && (
        <Override
          label={t(first ? "queue.later" : "queue.override")}
          against={against}
          pending={busy}
          onAssign={onReason}
          onClose={onClose}
        />
      )}
    </li>
  );
}
