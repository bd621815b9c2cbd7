import type { Limit } from "./limit";
import { useWords } from "./words";
import "./part.css";

interface Props {
  limit: Limit;
  onChange: (limit: Limit) => void;
}

const MOST_PERCENT = 300;
const MOST_MINUTES = 240;

/** The longest detour that a passenger accepts, by share of the way and in minutes. */
export default function DetourFields({ limit, onChange }: Props) {
  const say = useWords();
  return (
    <fieldset className="detour">
      <legend>{say("limit")}</legend>
      <label className="field">
        {say("percent")}
        <input
          type="number"
          inputMode="numeric"
          min={0}
          max={MOST_PERCENT}
          value={limit.percent}
          onChange={(event) => onChange({ ...limit, percent: event.target.value })}
        />
      </label>
      <label className="field">
        {say("minutes")}
        <input
          type="number"
          inputMode="numeric"
          min={0}
          max={MOST_MINUTES}
          value={limit.minutes}
          onChange={(event) => onChange({ ...limit, minutes: event.target.value })}
        />
      </label>
      <small>{say("both")}</small>
    </fieldset>
  );
}
