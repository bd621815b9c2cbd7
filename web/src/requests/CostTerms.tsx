import type { Candidate } from "../api/types";
import { useT } from "../i18n/console/words";
import { wordOf } from "../i18n/words";

const TERMS = ["use_s", "arrival_s", "empty_s", "driver_duty_s", "unit_duty_s"] as const;

/** The figures behind a candidate's place: what adds up to its cost, in seconds of waiting. */
export function CostTerms({ cost }: Pick<Candidate, "cost">) {
  const t = useT();
  const shown = TERMS.filter((term) => cost[term] > 0);
  return (
    <p className="cost">
      {t("queue.cost", { n: cost.total_s })}
      {shown.length > 0 && " = "}
      {shown.map((term) => `${wordOf("term", term)} ${cost[term]}`).join(" + ")}
    </p>
  );
}
