import type { CSSProperties, KeyboardEvent } from "react";
import { wordOf } from "../i18n/words";
import { periodOf } from "../time/format";
import { type Place, placeOf, type Window } from "./layout";
import type { BoardBar, BoardRow as Row } from "./types";
import type { Move } from "./useMove";
import { useWords } from "./words";

interface Props {
  row: Row;
  window: Window;
  move: Move;
  /** The bar that the Tab key reaches, by its place among all bars. */
  tabStop: string;
  onFocus: (key: string) => void;
  onKeys: (event: KeyboardEvent, row: Row, bar: BoardBar) => void;
  onDrop: () => void;
}

export const keyOf = (row: Row, bar: BoardBar): string => `${row.vehicle.id} ${bar.period.start}`;

const at = ({ left, width }: Place): CSSProperties => ({ left: `${left}%`, width: `${width}%` });

/** A bar is never thinner than this, so that it can be hit, and never reaches over the window. */
const THINNEST_BAR = "16px";
const barAt = ({ left, width }: Place): CSSProperties => ({
  left: `min(${left}%, 100% - ${THINNEST_BAR})`,
  width: `max(${width}%, ${THINNEST_BAR})`,
});

/** A vehicle: what is planned of it above, what it has driven below, and when it may not drive. */
export function BoardRow({ row, window, move, tabStop, onFocus, onKeys, onDrop }: Props) {
  const say = useWords();
  const { moving } = move;
  const isTarget = moving?.to?.id === row.vehicle.id;
  return (
    <tr
      className={isTarget ? "target" : undefined}
      aria-selected={isTarget}
      onDragOver={(event) => {
        if (!moving) return;
        event.preventDefault();
        if (!isTarget) move.aim(row.vehicle);
      }}
      onDrop={(event) => {
        event.preventDefault();
        onDrop();
      }}
    >
      <th scope="row" className="board-vehicle">
        <strong className="plate">{row.vehicle.plate}</strong>
        <small>
          {wordOf("category", row.category)} · {row.seats}
        </small>
      </th>
      <td className="board-line">
        {row.sealed.map((period) => (
          <Stripe key={period.start} kind="sealed" label={say("sealed")} {...{ period, window }} />
        ))}
        {row.outages.map(({ kind, period }) => (
          <Stripe
            key={kind + period.start}
            kind="outage"
            label={say(`outage.${kind}`)}
            {...{ period, window }}
          />
        ))}
        {row.bars.map((bar) => {
          const place = placeOf(bar.period, window);
          if (!place) return null;
          const key = keyOf(row, bar);
          const label = labelOf(bar, say);
          const { order } = bar;
          return (
            <button
              key={key}
              type="button"
              data-bar={key}
              className={`board-bar ${order ? order.state : "busy"}${bar.mission ? " mission" : ""}`}
              style={barAt(place)}
              tabIndex={tabStop === key ? 0 : -1}
              aria-pressed={order !== null && moving?.order.id === order.id}
              aria-label={`${row.vehicle.plate} ${label} ${periodOf(bar.period)}`}
              title={`${label}\n${periodOf(bar.period)}\n${order?.driver?.name ?? ""}`}
              draggable={order?.may_move ?? false}
              onDragStart={(event) => {
                event.dataTransfer.effectAllowed = "move";
                if (order) move.start(order, bar, row.vehicle);
              }}
              onFocus={() => onFocus(key)}
              onKeyDown={(event) => onKeys(event, row, bar)}
              onClick={() => order?.may_move && move.start(order, bar, row.vehicle)}
            >
              {label}
            </button>
          );
        })}
        {row.driven.map((period) => (
          <Stripe key={period.start} kind="driven" label={say("driven")} {...{ period, window }} />
        ))}
        {isTarget && moving && <Ghost bar={moving.bar} window={window} />}
      </td>
    </tr>
  );
}

function labelOf(bar: BoardBar, say: ReturnType<typeof useWords>): string {
  const { order } = bar;
  const what = bar.mission ? say("mission") : null;
  if (!order) return what ?? say("busy");
  const where = order.destination ?? say("service");
  return [what, where, wordOf("state", order.state)].filter(Boolean).join(" · ");
}

interface StripeProps {
  kind: "sealed" | "outage" | "driven";
  label: string;
  period: { start: string; end: string | null };
  window: Window;
}

function Stripe({ kind, label, period, window }: StripeProps) {
  const place = placeOf(period, window);
  if (!place) return null;
  const said = `${label} ${periodOf(period)}`;
  return (
    <span className={`board-${kind}`} style={at(place)} title={said}>
      <span className="for-readers">{said}</span>
    </span>
  );
}

/** Where the bar would stand. */
function Ghost({ bar, window }: { bar: BoardBar; window: Window }) {
  const place = placeOf(bar.period, window);
  return place && <span className="board-ghost" style={barAt(place)} aria-hidden="true" />;
}
