import { useT } from "../i18n/language";
import { wordOf } from "../i18n/words";
import { betweenSaid, timesSaid } from "./said";
import type { Series } from "./types";
import { useWords } from "./words";

interface Props {
  series: Series;
  picked: boolean;
  onPick: () => void;
}

/** A series in the console's list of what awaits approval: when, where, for whom, until when. */
export function SeriesRow({ series, picked, onPick }: Props) {
  const t = useT();
  const say = useWords();
  return (
    <button type="button" className="queue-row" aria-pressed={picked} onClick={onPick}>
      <span className="when">{timesSaid(say, series)}</span>
      <span className="people">{t("request.passengers", { n: series.passengers })}</span>
      <strong className="way">
        {series.origin.name} → {series.destination.name}
      </strong>
      <span className="who">
        {series.unit.name} · {series.passenger.name} · {wordOf("purpose", series.purpose)}
      </span>
      <span className="returns">
        {say("heading")} · {betweenSaid(say, series)}
      </span>
    </button>
  );
}
