import { useQuery } from "@tanstack/react-query";
import { Alert, Spin } from "antd";
import { readAll } from "../api/readAll";
import { sentenceOf } from "../api/sentence";
import { Sideways } from "../console/Sideways";
import { useT } from "../i18n/console/words";
import { wordOf } from "../i18n/words";
import { HOURS, promisedByHour, type TypeHours } from "./hours";
import type { Reservation } from "./types";
import { type Say, useWords } from "./words";

interface Props {
  /** The instants at which the day begins and ends. */
  start: string;
  end: string;
  /** Whose vehicles alone are shown; all within scope without one. */
  organisation: string;
}

/** How many vehicles of each type are promised in each hour of a day. */
export function PromisedHours({ start, end, organisation }: Props) {
  const t = useT();
  const say = useWords();
  const held = useQuery({
    queryKey: ["/board/reservations", "all", start, end],
    queryFn: () => readAll<Reservation>("/board/reservations", { start, end }),
    refetchInterval: 30_000,
  });
  const items = held.data?.filter((one) => !organisation || one.organisation.id === organisation);
  return (
    <section className="promised" aria-labelledby="promised">
      <h2 id="promised">{say("promised")}</h2>
      {held.error && <Alert type="error" showIcon title={sentenceOf(t, held.error)} />}
      {held.isPending && <Spin />}
      {items && items.length === 0 && <p>{say("promised.none")}</p>}
      {items && items.length > 0 && (
        <>
          <p className="plan-note">{say("promised.note")}</p>
          <HoursTable rows={promisedByHour(items, Date.parse(start))} />
        </>
      )}
    </section>
  );
}

function HoursTable({ rows }: { rows: TypeHours[] }) {
  const say = useWords();
  const most = Math.max(...rows.flatMap((row) => row.hours));
  return (
    <Sideways label={say("promised")} className="framed">
      <table className="hours">
        <thead>
          <tr>
            <th scope="col">{say("type")}</th>
            {Array.from({ length: HOURS }, (_, hour) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: hours never move
              <th key={hour} scope="col">
                {hour}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">{labelOf(row, say)}</th>
              {row.hours.map((n, hour) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: hours never move
                <td key={hour} style={{ "--full": n / most } as React.CSSProperties}>
                  {n || ""}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Sideways>
  );
}

function labelOf({ type }: TypeHours, say: Say): string {
  const category = type.category ? wordOf("category", type.category) : say("type.any");
  const more = [
    type.energy && wordOf("energy", type.energy),
    type.holding && wordOf("holding", type.holding),
  ];
  return [type.organisation.name, category, ...more.filter(Boolean)].join(" · ");
}
