import type { InputRef } from "antd";
import {
  type CSSProperties,
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useRef,
  useState,
} from "react";
import { timeOf } from "../time/format";
import { BoardRow, keyOf } from "./BoardRow";
import { placeOf, pointOf, stepTo, ticksOf, type Window } from "./layout";
import type { BoardBar, BoardRow as Row } from "./types";
import type { Move } from "./useMove";
import { useWords } from "./words";

interface Props {
  rows: Row[];
  window: Window;
  now: number;
  move: Move;
  reasonField: RefObject<InputRef | null>;
}

/** The words beside the line of now: on its side that has room within the window. */
const besides = (line: number): CSSProperties =>
  line < 50 ? { left: `${line}%` } : { right: `${100 - line}%` };

/** Vehicles × time; one bar is in the order of Tab, and arrow keys lead to the others. */
export function BoardGrid({ rows, window, now, move, reasonField }: Props) {
  const say = useWords();
  const grid = useRef<HTMLElement>(null);
  const nowMark = useRef<HTMLSpanElement>(null);
  const [chosen, setChosen] = useState("");
  const bars = rows.map((row) => row.bars.filter((bar) => placeOf(bar.period, window)));
  const keys = rows.flatMap((row, n) => (bars[n] ?? []).map((bar) => keyOf(row, bar)));
  const tabStop = keys.includes(chosen) ? chosen : (keys[0] ?? "");

  function focus(key: string | undefined) {
    if (key) grid.current?.querySelector<HTMLElement>(`[data-bar="${key}"]`)?.focus();
  }

  function aim(steps: number) {
    const { moving } = move;
    if (!moving) return;
    const at = (moving.to ?? moving.from).id;
    const id = stepTo(
      rows.map((row) => row.vehicle.id),
      at,
      steps,
    );
    const to = rows.find((row) => row.vehicle.id === id);
    if (to) move.aim(to.vehicle);
  }

  function walk(row: Row, bar: BoardBar, key: string) {
    const here = keyOf(row, bar);
    if (key === "ArrowLeft" || key === "ArrowRight") {
      focus(stepTo(keys, here, key === "ArrowLeft" ? -1 : 1));
      return;
    }
    const step = key === "ArrowUp" ? -1 : 1;
    for (let n = rows.indexOf(row) + step; n >= 0 && n < rows.length; n += step) {
      const [first] = bars[n] ?? [];
      const there = rows[n];
      if (first && there) {
        focus(keyOf(there, first));
        return;
      }
    }
  }

  function onKeys(event: KeyboardEvent, row: Row, bar: BoardBar) {
    const isMoving = bar.order !== null && move.moving?.order.id === bar.order.id;
    if (event.key.startsWith("Arrow")) {
      event.preventDefault();
      if (!isMoving) walk(row, bar, event.key);
      else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
        aim(event.key === "ArrowUp" ? -1 : 1);
      }
    } else if (event.key === "Enter" && isMoving) {
      event.preventDefault();
      reasonField.current?.focus();
    } else if (event.key === "Escape") {
      move.stop();
    }
  }

  const line = pointOf(now, window);
  // On a narrow screen a day is wider than the page: what is near comes first.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another day begins anew.
  useEffect(
    () => nowMark.current?.scrollIntoView({ inline: "center", block: "nearest" }),
    [window.start, window.end],
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
    <section ref={grid} className="board" tabIndex={0} aria-label={say("heading")}>
      <div className="board-sheet">
        {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: ARIA asks for this role where cells hold controls that arrow keys reach. */}
        <table role="grid" aria-label={say("grid")}>
          <thead>
            <tr className="board-head">
              <th scope="col" className="board-vehicle">
                {say("vehicle")}
              </th>
              <th scope="col" className="board-line" aria-label={say("time")}>
                {ticksOf(window).map((tick) => (
                  <span key={tick.at} className="board-tick" style={{ left: `${tick.left}%` }}>
                    {tick.label}
                  </span>
                ))}
                {line !== null && (
                  <span ref={nowMark} className="board-now-mark" style={besides(line)}>
                    {say("now", { time: timeOf(now) })}
                  </span>
                )}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <BoardRow
                key={row.vehicle.id}
                {...{ row, window, move, tabStop, onKeys }}
                onFocus={setChosen}
                onDrop={() => reasonField.current?.focus()}
              />
            ))}
          </tbody>
        </table>
        {line !== null && (
          <div className="board-now" aria-hidden="true">
            <span style={{ left: `${line}%` }} />
          </div>
        )}
      </div>
    </section>
  );
}
