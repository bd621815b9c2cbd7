import { known } from "../api/known";
import { Failure } from "../phone/Failure";
import { useSession } from "../session/session";
import { SeriesCard } from "./SeriesCard";
import { useAllSeries } from "./useAllSeries";
import { useWords } from "./words";
import "./series.css";

/** The person's own rides that return, the newest first; nothing where there are none. */
export default function SeriesList() {
  const say = useWords();
  const me = useSession().data?.person.id;
  const list = useAllSeries();
  const own = (known(list) ?? []).filter(
    (one) => me === one.applicant.id || me === one.passenger.id,
  );
  return (
    <>
      <Failure error={list.error} />
      {own.length > 0 && (
        <section aria-labelledby="series">
          <h2 id="series">{say("heading")}</h2>
          <ul className="cards">
            {own.map((series) => (
              <SeriesCard key={series.id} series={series} />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
