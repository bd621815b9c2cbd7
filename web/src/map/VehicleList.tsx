import { Input } from "antd";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { LiveVehicle } from "../api/types";
import { useT } from "../i18n/console/words";
import { spanOf } from "../i18n/words";
import { HOLLOW_S, STANDINGS, type Standing } from "../live/messages";
import { StandingMark } from "./StandingMark";

const ROW_PX = 44;
const SPARE_ROWS = 6;

export interface LiveRow {
  vehicle: LiveVehicle;
  age_s: number;
  standing: Standing;
}

interface Props {
  rows: LiveRow[];
  total: number;
  picked: string;
  text: string;
  onText: (text: string) => void;
  onPick: (id: string) => void;
}

/** Every vehicle of the map as rows; only those in sight are in the page. */
export function VehicleList({ rows, total, picked, text, onText, onPick }: Props) {
  const t = useT();
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const height = useHeight(box);
  const sorted = [...rows].sort(
    (a, b) =>
      STANDINGS.indexOf(a.standing) - STANDINGS.indexOf(b.standing) ||
      (a.vehicle.plate < b.vehicle.plate ? -1 : 1),
  );
  const first = Math.max(0, Math.floor(top / ROW_PX) - SPARE_ROWS);
  const last = Math.min(sorted.length, Math.ceil((top + height) / ROW_PX) + SPARE_ROWS);

  function pressed(event: KeyboardEvent) {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (event.key === "Escape") onPick("");
    if (event.key === "Enter" && sorted[0] && !picked) onPick(sorted[0].vehicle.id);
    if (!step) return;
    event.preventDefault();
    const at = sorted.findIndex((row) => row.vehicle.id === picked);
    const next = Math.min(sorted.length - 1, Math.max(0, at + step));
    const row = sorted[next];
    if (!row || !box.current) return;
    onPick(row.vehicle.id);
    const y = next * ROW_PX;
    if (y < box.current.scrollTop) box.current.scrollTop = y;
    if (y > box.current.scrollTop + height - ROW_PX) box.current.scrollTop = y - height + ROW_PX;
  }

  return (
    <>
      <div className="list-search">
        <Input
          data-search
          allowClear
          value={text}
          placeholder={t("common.search.plate")}
          aria-label={t("common.search.plate")}
          onChange={(event) => onText(event.target.value)}
          onKeyDown={pressed}
        />
        <span>{t("live.counts", { shown: rows.length, total })}</span>
      </div>
      <div
        ref={box}
        className="vehicle-list"
        role="listbox"
        tabIndex={0}
        aria-label={t("live.list")}
        aria-activedescendant={picked ? `row-${picked}` : undefined}
        onScroll={(event) => setTop(event.currentTarget.scrollTop)}
        onKeyDown={pressed}
      >
        <div role="presentation" style={{ height: sorted.length * ROW_PX, position: "relative" }}>
          {sorted.slice(first, last).map((row, i) => (
            <Row
              key={row.vehicle.id}
              row={row}
              place={first + i}
              count={sorted.length}
              picked={row.vehicle.id === picked}
              onPick={onPick}
            />
          ))}
        </div>
      </div>
    </>
  );
}

interface RowProps {
  row: LiveRow;
  place: number;
  count: number;
  picked: boolean;
  onPick: (id: string) => void;
}

function Row({ row: { vehicle, age_s, standing }, place, count, picked, onPick }: RowProps) {
  const t = useT();
  const old = age_s > HOLLOW_S;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox takes the keys for its options
    <div
      id={`row-${vehicle.id}`}
      className={old ? "vehicle-row old" : "vehicle-row"}
      role="option"
      tabIndex={-1}
      aria-selected={picked}
      aria-setsize={count}
      aria-posinset={place + 1}
      style={{ transform: `translateY(${place * ROW_PX}px)` }}
      onClick={() => onPick(vehicle.id)}
    >
      <StandingMark standing={standing} />
      <strong>{vehicle.plate}</strong>
      <span className="speed">
        {old || vehicle.speed_kmh === null || standing === "silent"
          ? spanOf(t, age_s)
          : t("live.kmh", { n: Math.round(vehicle.speed_kmh) })}
      </span>
      <span className="unit">{vehicle.unit.name}</span>
      <span className="standing">{t(`live.${standing}`)}</span>
    </div>
  );
}

function useHeight(box: React.RefObject<HTMLElement | null>): number {
  const [height, setHeight] = useState(800);
  useEffect(() => {
    if (!box.current) return;
    const watch = new ResizeObserver(([entry]) => entry && setHeight(entry.contentRect.height));
    watch.observe(box.current);
    return () => watch.disconnect();
  }, [box]);
  return height;
}
