import type { Step } from "../api/types";
import { wordOf } from "../i18n/words";
import { momentOf } from "../time/format";

/** What was done to a request or an order, by whom and when. */
export function Steps({ steps }: { steps: Step[] }) {
  return (
    <ol className="steps">
      {steps.map((step) => {
        const time = step.at;
        return (
          <li key={`${step.action}${time}`}>
            <time dateTime={time}>{momentOf(time)}</time>
            <strong>{wordOf("act", step.action)}</strong>
            <span>{step.actor?.name ?? "—"}</span>
            {step.reason && <p>{step.reason}</p>}
          </li>
        );
      })}
    </ol>
  );
}
