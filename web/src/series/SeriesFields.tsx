import { Chips } from "../phone/Chips";
import { dayAfter, MOST_DAYS, newReturning, REPEATS, type Returning, WEEKDAYS } from "./returning";
import { useWords } from "./words";
import "./series.css";

interface Props {
  /** As it is offered first while null. */
  value: Returning | null;
  onChange: (value: Returning) => void;
}

/** On which days a ride returns, at what hours, and until when. */
export default function SeriesFields({ value, onChange }: Props) {
  const say = useWords();
  const now_ms = Date.now();
  const filled = value ?? newReturning(now_ms);
  const set = (changes: Partial<Returning>) => onChange({ ...filled, ...changes });
  const bounds = { min: dayAfter(now_ms, 0), max: dayAfter(now_ms, MOST_DAYS) };
  const field = (name: "first_day" | "last_day" | "start_time" | "end_time") => (
    <label className="field">
      {say(name)}
      <input
        type={name.endsWith("day") ? "date" : "time"}
        required
        {...(name === "first_day" ? bounds : {})}
        {...(name === "last_day" ? { ...bounds, min: filled.first_day } : {})}
        value={filled[name]}
        onChange={(event) => set({ [name]: event.target.value })}
      />
    </label>
  );
  return (
    <>
      <Chips
        legend={say("repeats")}
        value={filled.repeats}
        options={REPEATS.map((one) => ({ value: one, label: say(`repeats.${one}`) }))}
        onChange={(repeats) => set({ repeats })}
      />
      {filled.repeats === "weekly" && <Weekdays filled={filled} set={set} />}
      {filled.repeats !== "workdays" && (
        <label className="check">
          <input
            type="checkbox"
            checked={filled.days_off_too}
            onChange={(event) => set({ days_off_too: event.target.checked })}
          />
          {say("days_off_too")}
        </label>
      )}
      <div className="pair">
        {field("first_day")}
        {field("last_day")}
        {field("start_time")}
        {field("end_time")}
      </div>
      <small className="quiet">{say("note")}</small>
    </>
  );
}

interface WeekdaysProps {
  filled: Returning;
  set: (changes: Partial<Returning>) => void;
}

function Weekdays({ filled: { weekdays }, set }: WeekdaysProps) {
  const say = useWords();
  const toggled = (day: number) =>
    weekdays.includes(day)
      ? weekdays.filter((one) => one !== day)
      : [...weekdays, day].sort((a, b) => a - b);
  return (
    <fieldset className="chips">
      <legend>{say("weekdays")}</legend>
      {WEEKDAYS.map((day) => (
        <label key={day}>
          <input
            type="checkbox"
            required={weekdays.length === 0}
            checked={weekdays.includes(day)}
            onChange={() => set({ weekdays: toggled(day) })}
          />
          <span>{say(`weekday.${day}` as Parameters<typeof say>[0])}</span>
        </label>
      ))}
    </fieldset>
  );
}
