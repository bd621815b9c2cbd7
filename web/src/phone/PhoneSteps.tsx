import type { Step } from "../api/types";
import { wordOf } from "../i18n/words";
import { momentOf } from "../time/format";

export function PhoneSteps({ steps }: { steps: Step[] }) {
  return (
    <ol className="phone-steps">
      {steps.map((step) => {
        const time = step.at;
        return (
          <li key={`${step.action}${time}`}>
            <strong>{wordOf("act", step.action)}</strong> {step.actor?.name}
            <time dateTime={time}>{momentOf(time)}</time>
            {step.reason && <p>{step.reason}</p>}
          </li>
        );
      })}
    </ol>
  );
}
