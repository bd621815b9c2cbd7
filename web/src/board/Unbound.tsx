import { useList } from "../console/useList";
import { wordOf } from "../i18n/words";
import { periodOf } from "../time/format";
import type { Reservation } from "./types";
import { useWords } from "./words";

/** What is promised by type and bound to no plate yet. */
export function Unbound({ start, end }: { start: string; end: string }) {
  const say = useWords();
  const list = useList<Reservation>("/board/reservations", { start, end }, { refetch_ms: 15_000 });
  if (list.items.length === 0) return null;
  const count = `${list.items.length}${list.more ? "+" : ""}`;
  return (
    <section className="board-unbound" aria-label={say("unbound", { n: count })}>
      <h2>{say("unbound", { n: count })}</h2>
      <ul>
        {list.items.map((one) => (
          <li key={one.id}>
            <strong>{one.category ? wordOf("category", one.category) : say("unbound.any")}</strong>{" "}
            {periodOf(one.ride)} <small>{one.organisation.name}</small>
          </li>
        ))}
      </ul>
    </section>
  );
}
