import type { Candidate } from "../api/types";
import { useT } from "../i18n/console/words";
import { spanOf } from "../i18n/words";
import { kilometres } from "../time/format";

/** How soon a vehicle is there, how far it drives empty, and how old its position is. */
export function CandidateFigures({ candidate }: { candidate: Candidate }) {
  const t = useT();
  const { arrival_s, empty_m, position_age_s } = candidate;
  return (
    <dl className="figures">
      <dt>{t("queue.arrival")}</dt>
      <dd>{spanOf(t, arrival_s)}</dd>
      <dt>{t("queue.empty_m")}</dt>
      <dd>{t("common.km", { n: kilometres(empty_m) })}</dd>
      {position_age_s !== null && (
        <dd className="age">{t("queue.age", { age: spanOf(t, position_age_s) })}</dd>
      )}
    </dl>
  );
}
