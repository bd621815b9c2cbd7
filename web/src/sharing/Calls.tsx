import type { Order } from "../api/types";
import { timeOf } from "../time/format";
import { useWords } from "./callWords";
import "./calls.css";

/** Where a shared vehicle calls, in order: when, and who gets on or off. */
export default function Calls({ order }: { order: Order }) {
  const say = useWords();
  const riders = new Map(order.requests.map(({ id, passenger }) => [id, passenger.name]));
  return (
    <section className="calls" aria-label={say("heading")}>
      <h3>{say("heading")}</h3>
      <ol>
        {order.calls.map((call) => (
          <li key={`${call.request_id} ${call.is_return} ${call.is_pick_up}`}>
            <b>{timeOf(call.at)}</b> {call.place.name}{" "}
            <small>
              {say(`${call.is_pick_up ? "on" : "off"}${call.passengers > 1 ? "" : ".one"}`, {
                who: riders.get(call.request_id) ?? "",
                n: call.passengers,
              })}
            </small>
          </li>
        ))}
      </ol>
    </section>
  );
}
