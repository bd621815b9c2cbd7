import { Button, Checkbox } from "antd";
import { useState } from "react";
import { Link } from "wouter";
import { Sideways } from "../console/Sideways";
import { useT } from "../i18n/console/words";
import { hasWord, wordOf } from "../i18n/words";
import { kilometres, periodOf, timeOf } from "../time/format";
import type { PlanDetail, PlanLine } from "./types";
import { type Say, useWords } from "./words";

interface Props {
  plan: PlanDetail;
  pending: boolean;
  /** Confirms these requests' lines; all that are proposed without any. */
  onConfirm: (requests: string[] | null) => void;
}

/** What a plan proposes, line by line; what is proposed may be confirmed in part or as a whole. */
export function PlanLines({ plan, pending, onConfirm }: Props) {
  const say = useWords();
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const open = plan.state === "proposed" ? plan.lines.filter(isProposed) : [];
  const chosen = open.filter((line) => picked.has(line.request_id)).map((line) => line.request_id);

  function pick(id: string, on: boolean) {
    const next = new Set(picked);
    if (on) next.add(id);
    else next.delete(id);
    setPicked(next);
  }

  if (plan.lines.length === 0) return <p>{say("lines.none")}</p>;
  return (
    <>
      {open.length > 0 && (
        <div className="plan-acts">
          <Button type="primary" loading={pending} onClick={() => onConfirm(null)}>
            {say("confirm.all", { n: open.length })}
          </Button>
          <Button
            disabled={chosen.length === 0}
            loading={pending}
            onClick={() => onConfirm(chosen)}
          >
            {say("confirm.some", { n: chosen.length })}
          </Button>
        </div>
      )}
      <Sideways label={say("lines")} className="framed">
        <table className="plan-lines">
          <Heads />
          <tbody>
            {plan.lines.map((line) => (
              <Line
                key={line.request_id}
                line={line}
                picked={picked.has(line.request_id)}
                onPick={open.includes(line) ? (on: boolean) => pick(line.request_id, on) : null}
              />
            ))}
          </tbody>
        </table>
      </Sideways>
    </>
  );
}

const isProposed = (line: PlanLine) => line.state === "proposed";

function Heads() {
  const say = useWords();
  return (
    <thead>
      <tr>
        <td />
        {(
          ["period", "unit", "vehicle", "driver", "shared", "empty_m", "reserved", "state"] as const
        ).map((head) => (
          <th key={head} scope="col">
            {say(head)}
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface LineProps {
  line: PlanLine;
  picked: boolean;
  /** Null where nothing is to be confirmed. */
  onPick: ((on: boolean) => void) | null;
}

function Line({ line, picked, onPick }: LineProps) {
  const t = useT();
  const say = useWords();
  const period = periodOf(line.ride);
  return (
    <tr>
      <td>
        {onPick && (
          <Checkbox
            checked={picked}
            aria-label={say("pick", { period, unit: line.unit.name })}
            onChange={(event) => onPick(event.target.checked)}
          />
        )}
      </td>
      <td>{period}</td>
      <td>{line.unit.name}</td>
      <td>
        <strong className="plate">{line.vehicle?.plate ?? "—"}</strong>
      </td>
      <td>{line.driver?.name ?? "—"}</td>
      <td>{sharedOf(line, say)}</td>
      <td>{line.empty_m === null ? "—" : t("common.km", { n: kilometres(line.empty_m) })}</td>
      <td>{t(line.promised ? "common.yes" : "common.no")}</td>
      <td>
        <strong className={`line-state ${line.state}`}>{say(`line.${line.state}`)}</strong>{" "}
        {whyOf(line, say)}{" "}
        {line.order_id ? (
          <Link href={`/orders/${line.order_id}`}>{say("order")}</Link>
        ) : (
          line.state !== "proposed" && (
            <Link href={`/queue?r=${line.request_id}`}>{say("queue")}</Link>
          )
        )}
      </td>
    </tr>
  );
}

/** With whom a line's passengers share, by the number of the group, and when they are picked up. */
function sharedOf({ shared_group, pick_up_at }: PlanLine, say: Say): string {
  if (shared_group === null || pick_up_at === null) return "—";
  return say("shared.group", { n: shared_group, time: timeOf(pick_up_at) });
}

/** Why a line is not served: what the rules said, else our words for the refusal's type. */
function whyOf({ state, sentence, objections }: PlanLine, say: Say): string {
  if (objections.length > 0) return objections.map((one) => one.sentence).join("；");
  if (!sentence || state !== "refused") return sentence ?? "";
  return hasWord("error", sentence)
    ? wordOf("error", sentence)
    : say("refused.other", { type: sentence });
}
