import { lazy, Suspense } from "react";
import type { Approach } from "../api/types";
import { useT } from "../i18n/language";
import { spanOf, wordOf } from "../i18n/words";
import { kilometres, momentOf, timeOf } from "../time/format";
import { minutesLeft, STAGES, stageOf } from "./minutes";
import { useApproach } from "./useApproach";
import { useWords } from "./words";
import "./approach.css";

const ApproachMap = lazy(() => import("./ApproachMap"));

/** The vehicle on its way to the passenger: when it is there, which one, who drives, and where. */
export default function ApproachPanel({ requestId }: { requestId: string }) {
  const say = useWords();
  const { approach, offline } = useApproach(requestId);
  if (!approach || approach.phase === "over" || approach.phase === "unassigned") return null;
  return (
    <section className="approach" aria-label={say("heading")}>
      {offline && (
        <p className="problem" role="alert">
          {say("offline", { time: timeOf(approach.at) })}
        </p>
      )}
      <Arrival approach={approach} />
      <Stages approach={approach} />
      <Vehicle approach={approach} />
      {approach.position && (
        <Suspense fallback={<div className="approach-map" />}>
          <ApproachMap approach={approach} />
        </Suspense>
      )}
      <Where approach={approach} />
    </section>
  );
}

function Arrival({ approach }: { approach: Approach }) {
  const say = useWords();
  const { arrival, late_s, phase, promised_at } = approach;
  const minutes = minutesLeft(approach);
  return (
    <div className="approach-arrival" role="status">
      {phase === "here" && <strong className="there">{say("here")}</strong>}
      {phase === "under_way" && <strong className="there">{say("under_way")}</strong>}
      {minutes !== null && arrival && (
        <>
          <span>{say("arrives")}</span>
          <strong className="minutes">
            {minutes > 0 ? (
              <>
                <b>{minutes}</b> {say("minutes")}
              </>
            ) : (
              say("soon")
            )}
          </strong>
          <span className="at">{say("at", { time: timeOf(arrival.at) })}</span>
        </>
      )}
      {phase !== "here" && phase !== "under_way" && (
        <span className="promised">{say("promised", { time: momentOf(promised_at) })}</span>
      )}
      {late_s !== null && (
        <strong className="late">{say("late", { n: Math.ceil(late_s / 60) })}</strong>
      )}
    </div>
  );
}

function Stages({ approach }: { approach: Approach }) {
  const say = useWords();
  const stage = stageOf(approach);
  const reached = STAGES.indexOf(stage);
  return (
    <ol className="approach-stages" aria-label={say("steps")}>
      {STAGES.map((one, place) => (
        <li
          key={one}
          className={place <= reached ? "done" : ""}
          aria-current={one === stage ? "step" : undefined}
        >
          {one === "here" ? say("pick_up") : wordOf("state", one)}
        </li>
      ))}
    </ol>
  );
}

function Vehicle({ approach: { vehicle, driver } }: { approach: Approach }) {
  const t = useT();
  const say = useWords();
  const callable = driver?.phone && !driver.phone.includes("*");
  return (
    <div className="approach-vehicle">
      <strong className="plate">{vehicle?.plate}</strong>
      <span>
        {t("common.driver")} {driver?.name}
        {driver?.phone && <small>{driver.phone}</small>}
      </span>
      {callable && (
        <a className="call" href={`tel:${driver.phone}`}>
          {say("call")}
        </a>
      )}
    </div>
  );
}

/** What the map shows, in words. */
function Where({ approach }: { approach: Approach }) {
  const t = useT();
  const say = useWords();
  const { at, phase, position, arrival, shown_from } = approach;
  if (phase === "waiting") {
    return <p className="approach-where">{say("from", { time: momentOf(shown_from) })}</p>;
  }
  if (phase !== "approaching") return null;
  if (!position) return <p className="approach-where">{say("unknown")}</p>;
  const age = spanOf(t, (Date.parse(at) - Date.parse(position.seen_at)) / 1000);
  if (!arrival) return <p className="approach-where stale">{say("stale", { age })}</p>;
  return (
    <p className="approach-where">
      {say("away", { n: kilometres(arrival.distance_m), age })}
      {arrival.travel_times === "straight_line" && ` · ${say("straight_line")}`}
    </p>
  );
}
