import { Alert } from "antd";
import { Link } from "wouter";
import { periodOf } from "../time/format";
import type { FirstBroken as Broken, PlanDetail } from "./types";
import { type Say, useWords } from "./words";

/** The promise that breaks first, why, and what would save it. */
export function FirstBroken({ plan }: { plan: PlanDetail }) {
  const say = useWords();
  const { first_broken: broken } = plan;
  if (!broken) return null;
  const line = plan.lines.find((one) => one.request_id === broken.request_id);
  return (
    <Alert
      type="warning"
      showIcon
      title={
        line
          ? say("broken", { period: periodOf(line.ride), unit: line.unit.name })
          : say("broken.other")
      }
      description={
        <>
          <p>{broken.sentence}</p>
          <p>
            {say("saves")} <Link href={`/queue?r=${broken.request_id}`}>{say("queue")}</Link>
          </p>
          <ul>
            {savedBy(broken, say).map((way) => (
              <li key={way}>{way}</li>
            ))}
          </ul>
        </>
      }
    />
  );
}

function savedBy(broken: Broken, say: Say): string[] {
  const { one_more_vehicle, one_more_driver, alternatives } = broken;
  const more = [
    ...(one_more_vehicle ? [say("saves.vehicle")] : []),
    ...(one_more_driver ? [say("saves.driver")] : []),
  ];
  if (more.length === 0) more.push(say("saves.neither"));
  if (!alternatives) return more;
  return [
    ...more,
    ...alternatives.other_times.map((one) => say("saves.time", { period: periodOf(one) })),
    ...alternatives.other_pools.map((one) => say("saves.pool", { name: one.organisation.name })),
    ...alternatives.rental.map((one) => say("saves.rental", { name: one.organisation.name })),
    ...alternatives.to_share_with.map((one) => {
      const { origin, destination, passengers: n, agreed } = one;
      const with_ = say("saves.share", { period: periodOf(one), origin, destination, n });
      return agreed ? with_ : say("saves.share.agree", { share: with_ });
    }),
  ];
}
