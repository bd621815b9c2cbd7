import { Button } from "antd";
import { ReasonedAct } from "../orders/ReasonedAct";
import type { Alternatives } from "../plans/types";
import { periodOf } from "../time/format";
import type { Wish } from "./usePromise";
import { type Say, useWords } from "./words";

interface Props {
  alternatives: Alternatives;
  pending: boolean;
  onTake: (wish: Wish) => void;
}

/** What could be done instead of a promise that was refused; most of it by one tap. */
export function Instead({ alternatives, pending, onTake }: Props) {
  const say = useWords();
  const { other_times, other_pools, rental, to_share_with } = alternatives;
  const pools = [
    ...other_pools.map((one) => ({ ...one, label: "pool" as const })),
    ...rental.map((one) => ({ ...one, label: "rental" as const })),
  ];
  if (other_times.length + pools.length + to_share_with.length === 0)
    return <p>{say("full.none")}</p>;
  return (
    <>
      <p>{say("full")}</p>
      <div className="promise-acts">
        {other_times.map((time) => (
          <ReasonedAct
            key={time.start}
            danger={false}
            label={say("time", { period: periodOf(time) })}
            pending={pending}
            onAct={(reason) => onTake({ moved: { ...time, reason } })}
          />
        ))}
        {pools.map(({ organisation, holding, label }) => (
          <Button
            key={`${label} ${organisation.id}`}
            loading={pending}
            onClick={() =>
              onTake({ organisation_id: organisation.id, ...(holding ? { holding } : {}) })
            }
          >
            {say(label, { name: organisation.name })}
          </Button>
        ))}
      </div>
      {to_share_with.length > 0 && (
        <ul>
          {to_share_with.map((one) => (
            <li key={one.request_id}>{shareOf(one, say)}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function shareOf(one: Alternatives["to_share_with"][number], say: Say): string {
  const { origin, destination, passengers: n, agreed } = one;
  const share = say("share", { period: periodOf(one), origin, destination, n });
  return agreed ? share : say("share.agree", { share });
}
