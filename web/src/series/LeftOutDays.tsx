import { daySaid } from "./said";
import type { SeriesDetail } from "./types";
import { useWords } from "./words";

/** The named days on which there is no ride, each with why. */
export function LeftOutDays({ days }: { days: SeriesDetail["left_out"] }) {
  const say = useWords();
  if (days.length === 0) return null;
  return (
    <details className="left-out">
      <summary>{say("left_out", { n: days.length })}</summary>
      <ul>
        {days.map(({ day, why, name }) => (
          <li key={day}>
            {daySaid(say, day)} {say(`left_out.${why}`)} {name}
          </li>
        ))}
      </ul>
    </details>
  );
}
