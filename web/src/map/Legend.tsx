import { useT } from "../i18n/console/words";
import { STANDINGS, type Standing } from "../live/messages";
import { StandingMark } from "./StandingMark";

interface Props {
  counts: Record<Standing, number>;
  only: string;
  onOnly: (standing: string) => void;
}

/** The key of the map, its counts, and at once the filter of the list. */
export function Legend({ counts, only, onOnly }: Props) {
  const t = useT();
  return (
    <div className="legend">
      {STANDINGS.map((standing) => (
        <button
          key={standing}
          type="button"
          className={standing}
          aria-pressed={only === standing}
          onClick={() => onOnly(only === standing ? "" : standing)}
        >
          <span>
            <StandingMark standing={standing} />
            {t(`live.${standing}`)}
          </span>
          <strong>{counts[standing]}</strong>
        </button>
      ))}
    </div>
  );
}
