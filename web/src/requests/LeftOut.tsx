import type { Suggestion } from "../api/types";
import { useT } from "../i18n/console/words";
import { wordOf } from "../i18n/words";

const FEW = 6;

/** The vehicles that may not serve: how many by each rule, and of the nearest why each. */
export function LeftOut({ suggestion }: { suggestion: Suggestion }) {
  const t = useT();
  const { left_out, left_out_total, left_out_by_rule } = suggestion;
  if (left_out_total === 0) return null;
  const counts = Object.entries(left_out_by_rule).sort(([, a], [, b]) => b - a);
  return (
    <details className="left-out" open={left_out_total <= FEW}>
      <summary>
        {t("queue.leftOut", { n: left_out_total })}
        <span>{counts.map(([rule, n]) => `${wordOf("left", rule)} ${n}`).join(" · ")}</span>
      </summary>
      <ul>
        {left_out.map(({ vehicle, rule, sentence }) => (
          <li key={vehicle.id + rule}>
            <strong>{vehicle.plate}</strong> {sentence}
          </li>
        ))}
      </ul>
      {left_out.length < left_out_total && (
        <p>{t("queue.leftOut.nearest", { n: left_out.length })}</p>
      )}
    </details>
  );
}
