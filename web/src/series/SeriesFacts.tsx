import { useT } from "../i18n/console/words";
import { RideFacts } from "../requests/RideFacts";
import { MOST_DAYS } from "./returning";
import { SeriesDays } from "./SeriesDays";
import { betweenSaid, timesSaid } from "./said";
import type { Series } from "./types";
import { useWords } from "./words";

/** A series on the console, in full: at what times, until when, and on which days. */
export function SeriesFacts({ series }: { series: Series }) {
  const t = useT();
  const say = useWords();
  return (
    <RideFacts ride={series}>
      <dt>{t("common.period")}</dt>
      <dd className="strong">
        {timesSaid(say, series)}
        {series.days_off_too && <small>{say("days_off_too")}</small>}
      </dd>
      <dt>{say("between")}</dt>
      <dd>
        {betweenSaid(say, series)}
        {series.at_most < MOST_DAYS && <small>{say("at_most", { n: series.at_most })}</small>}
      </dd>
      <dt>{say("dates")}</dt>
      <dd>
        <SeriesDays series={series} />
      </dd>
    </RideFacts>
  );
}
