import { Alert } from "antd";
import type { Problem } from "../api/client";
import { sentenceOf } from "../api/sentence";
import { useT } from "../i18n/console/words";
import { wordOf } from "../i18n/words";
import { momentOf } from "../time/format";

/** A step since the page was read, as a refusal tells of it. */
interface Since {
  action: string;
  to_state: string;
  actor: string | null;
  at: string;
  reason: string | null;
}

/** Why nothing was done; where somebody else was quicker, what they have done. */
export function StaleNotice({ problem, onClose }: { problem: Problem; onClose?: () => void }) {
  const t = useT();
  if (problem.type !== "stale-revision") {
    return <Alert type="error" showIcon title={sentenceOf(t, problem)} {...closing(onClose)} />;
  }
  const steps = (problem.facts.steps ?? []) as Since[];
  return (
    <Alert
      type="warning"
      showIcon
      title={t("queue.stale")}
      description={
        <ul className="since">
          {steps.map(({ action, actor, at, reason, to_state }) => (
            <li key={at + action}>
              <time dateTime={at}>{momentOf(at)}</time> {actor}{" "}
              <strong>{wordOf("act", action)}</strong> → {wordOf("state", to_state)}
              {reason && ` · ${reason}`}
            </li>
          ))}
        </ul>
      }
      {...closing(onClose)}
    />
  );
}

const closing = (onClose?: () => void) => (onClose ? { closable: true, onClose } : {});
