import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useState } from "react";
import { type Problem, read, write } from "../api/client";
import { known } from "../api/known";
import { sentenceOf } from "../api/sentence";
import type { Order, RideRequest, SharedRide, SharedRideList } from "../api/types";
import { useT } from "../i18n/console/words";
import { Override } from "../requests/Override";
import { periodOf, timeOf } from "../time/format";
import { useWords } from "./consoleWords";
import "./sharing.css";

interface Props {
  request: RideRequest;
  onJoined: (order: Order) => void;
}

/** The order for which a reason is asked, and what was said against it when it was tried. */
interface Asked {
  order: string;
  against?: Problem;
}

const OBJECTED = "override-needs-reason";
const minutes = (seconds: number) => Math.ceil(seconds / 60);

/** The orders that could take a request along, what each rider would get, and why others can't. */
export default function SharedRides({ request, onJoined }: Props) {
  const t = useT();
  const say = useWords();
  const client = useQueryClient();
  const [asked, ask] = useState<Asked | null>(null);
  const path = `/requests/${request.id}`;
  const found = useQuery({
    queryKey: ["/requests", request.id, "shared-rides", request.revision],
    queryFn: () => read<SharedRideList>(`${path}/shared-rides`),
    staleTime: 30_000,
    refetchOnWindowFocus: false,
  });
  const join = useMutation<Order, Problem, { ride: SharedRide; reason: string }>({
    mutationFn: ({ ride, reason }) =>
      write(`${path}/join`, {
        order_id: ride.order_id,
        revision: request.revision,
        order_revision: ride.revision,
        reason,
        // Only what the dispatcher has before their eyes is overridden.
        ...(asked?.against ? { override: true } : {}),
      }),
    onSuccess: onJoined,
    onError: (problem, { ride }) => {
      if (problem.type === OBJECTED) ask({ order: ride.order_id, against: problem });
    },
    onSettled: (_order, problem) => {
      if (problem?.type === OBJECTED) return;
      for (const list of ["/requests", "/orders", "/board"])
        void client.invalidateQueries({ queryKey: [list] });
    },
  });

  const data = known(found);
  const failure = found.error && <Alert type="error" showIcon title={sentenceOf(t, found.error)} />;
  if (!data) return failure;
  return (
    <section className="shared-rides" aria-labelledby="shared-rides">
      <h2 id="shared-rides">{say("heading")}</h2>
      {failure}
      {data.items.length === 0 && <p>{say("none")}</p>}
      {join.error && join.error.type !== OBJECTED && (
        <Alert type="error" showIcon title={sentenceOf(t, join.error)} />
      )}
      <ul>
        {data.items.map((ride) => (
          <li key={ride.order_id}>
            <div className="which">
              <strong className="plate">{ride.vehicle.plate}</strong> {periodOf(ride.period)}{" "}
              <span>
                {say("added", { minutes: minutes(ride.added_s) })} ·{" "}
                {say("seats", { n: ride.seats_left })}
              </span>
            </div>
            <Parts ride={ride} />
            <Button
              aria-label={say("join.label", { plate: ride.vehicle.plate })}
              onClick={() => ask({ order: ride.order_id })}
            >
              {say("join")}
            </Button>
            {asked?.order === ride.order_id && (
              <Override
                label={say("reason")}
                against={asked.against && sentenceOf(t, asked.against)}
                pending={join.isPending}
                onAssign={(reason) => join.mutate({ ride, reason })}
                onClose={() => ask(null)}
              />
            )}
          </li>
        ))}
      </ul>
      {data.truncated && <p>{say("more")}</p>}
      {data.left_out.length > 0 && (
        <details>
          <summary>{say("leftOut", { n: data.left_out.length })}</summary>
          <ul className="not-shared">
            {data.left_out.map((one) => (
              <li key={one.order_id}>{one.sentence}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

/** When everybody gets on and off whom one may read of, and how far out of their way. */
function Parts({ ride }: { ride: SharedRide }) {
  const say = useWords();
  return (
    <ul className="parts">
      {ride.parts.flatMap((part) =>
        part.legs.map((leg) => (
          <li key={part.request_id + leg.pick_up_at}>
            <b>{part.joining ? say("joining") : say("aboard", { n: part.passengers })}</b>{" "}
            {say("part", {
              start: timeOf(leg.pick_up_at),
              end: timeOf(leg.set_down_at),
              detour: minutes(leg.detour_s),
              most: Math.floor(leg.greatest_detour_s / 60),
            })}
          </li>
        )),
      )}
    </ul>
  );
}
