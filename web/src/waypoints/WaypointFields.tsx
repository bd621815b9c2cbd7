import { useRef } from "react";
import type { KnownPlace } from "../api/types";
import { PlaceField } from "../phone/PlaceField";
import { MOST_MINUTES, MOST_STAYS, moved, type Stay, withOneMore } from "./stays";
import { useWords } from "./words";
import "./waypoints.css";

interface Props {
  places: KnownPlace[];
  stays: readonly Stay[];
  onChange: (stays: Stay[]) => void;
}

/** The places at which a ride calls, in order, each with how long it stays there. */
export default function WaypointFields({ places, stays, onChange }: Props) {
  const say = useWords();
  const fields = useRef<HTMLFieldSetElement>(null);
  const focus = (selector: string) =>
    requestAnimationFrame(() => fields.current?.querySelector<HTMLElement>(selector)?.focus());

  const change = (key: number, changes: Partial<Stay>) =>
    onChange(stays.map((stay) => (stay.key === key ? { ...stay, ...changes } : stay)));

  function move(at: number, by: -1 | 1) {
    onChange(moved(stays, at, by));
    // The keyboard follows what it moves; at an end only the other button is left.
    const to = at + by;
    const way = to === 0 ? 1 : to === stays.length - 1 ? -1 : by;
    focus(`[data-move="${to} ${way}"]`);
  }

  return (
    <fieldset className="stays" ref={fields}>
      <legend>{say("heading")}</legend>
      <ol>
        {stays.map((stay, at) => (
          <li key={stay.key}>
            <PlaceField
              label={say("nth", { n: at + 1 })}
              places={places}
              value={stay.place}
              startsOpen={!stay.place}
              onChange={(place) => change(stay.key, { place })}
            />
            <div className="stay">
              <label className="field">
                {say("minutes")}
                <input
                  type="number"
                  inputMode="numeric"
                  required
                  min={0}
                  max={MOST_MINUTES}
                  value={stay.minutes}
                  onChange={(event) => change(stay.key, { minutes: event.target.value })}
                />
              </label>
              {([-1, 1] as const).map((by) => (
                <button
                  key={by}
                  type="button"
                  data-move={`${at} ${by}`}
                  disabled={!stays[at + by]}
                  aria-label={say(by < 0 ? "up" : "down", { n: at + 1 })}
                  onClick={() => move(at, by)}
                >
                  {by < 0 ? "↑" : "↓"}
                </button>
              ))}
              <button
                type="button"
                aria-label={say("remove", { n: at + 1 })}
                onClick={() => {
                  onChange(stays.filter((one) => one.key !== stay.key));
                  focus(".second");
                }}
              >
                ✕
              </button>
            </div>
          </li>
        ))}
      </ol>
      <small>{stays.length < MOST_STAYS ? say("note") : say("most", { n: MOST_STAYS })}</small>
      {stays.length < MOST_STAYS && (
        <button type="button" className="second" onClick={() => onChange(withOneMore(stays))}>
          {say("add")}
        </button>
      )}
    </fieldset>
  );
}
