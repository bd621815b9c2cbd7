import { Button } from "antd";
import type { ReactNode } from "react";
import type { LeftOutVehicle, Suggestion } from "../api/types";
import { useT } from "../i18n/console/words";
import { wordOf } from "../i18n/words";

const FEW = 6;

interface Props {
  suggestion: Suggestion;
  /** Where one may be assigned all the same: which is asked about, how to, and its form. */
  choosing?: {
    asked: string | undefined;
    onAsk: (vehicle: string) => void;
    form: (entry: LeftOutVehicle) => ReactNode;
  };
}

/** The vehicles that may not serve: how many by each rule, and of the nearest why each. */
export function LeftOut({ suggestion, choosing }: Props) {
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
      <ul className={choosing ? "choosing" : ""}>
        {left_out.map((entry) => (
          <li key={entry.vehicle.id + entry.rule}>
            <strong>{entry.vehicle.plate}</strong> <span>{entry.sentence}</span>
            {choosing && !entry.hard && (
              <Button
                size="small"
                onClick={() => choosing.onAsk(entry.vehicle.id)}
                aria-label={`${t("queue.anyway")} ${entry.vehicle.plate}`}
              >
                {t("queue.anyway")}…
              </Button>
            )}
            {choosing?.asked === entry.vehicle.id && choosing.form(entry)}
          </li>
        ))}
      </ul>
      {left_out.length < left_out_total && (
        <p>{t("queue.leftOut.nearest", { n: left_out.length })}</p>
      )}
    </details>
  );
}
