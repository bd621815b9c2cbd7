import { useState } from "react";
import { known } from "../api/known";
import { useT } from "../i18n/language";
import { Failure } from "../phone/Failure";
import { SeriesWay } from "./SeriesCard";
import { SeriesDays } from "./SeriesDays";
import { timesSaid } from "./said";
import type { Series, SeriesAction } from "./types";
import { useAllSeries } from "./useAllSeries";
import { useSeriesAct } from "./useSeriesAct";
import { useWords } from "./words";
import "./series.css";

interface Props {
  /** What is said where nothing else waits, if no series does either. */
  nothing: string | false;
}

/** The rides that return and wait for this approver: one approval for all of a series. */
export default function SeriesApprovals({ nothing }: Props) {
  const say = useWords();
  const list = useAllSeries("unit_review");
  const waiting = (known(list) ?? []).filter((one) => one.actions.includes("approve"));
  return (
    <>
      <Failure error={list.error} />
      {nothing && list.isSuccess && waiting.length === 0 && <p className="empty">{nothing}</p>}
      {waiting.length > 0 && (
        <section aria-labelledby="series">
          <h2 id="series">{say("heading")}</h2>
          <ul className="cards">
            {waiting.map((series) => (
              <Waiting key={series.id} series={series} />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

const REFUSALS = ["send_back", "reject"] as const;

function Waiting({ series }: { series: Series }) {
  const t = useT();
  const say = useWords();
  const act = useSeriesAct();
  const [refusing, setRefusing] = useState<SeriesAction | null>(null);
  const [reason, setReason] = useState("");
  return (
    <li className="card">
      <div className="card-head">
        <span>{timesSaid(say, series)}</span>
        <SeriesWay series={series} say={say} />
        <small>
          {series.unit.name} · {series.passenger.name} ·{" "}
          {t("request.passengers", { n: series.passengers })}
        </small>
      </div>
      <SeriesDays series={series} />
      <Failure error={act.error} />
      {refusing ? (
        <form
          className="card-body"
          onSubmit={(event) => {
            event.preventDefault();
            act.mutate({ series, action: refusing, reason: reason.trim() });
          }}
        >
          <label className="field">
            {say("refusal.reason")}
            <input
              // biome-ignore lint/a11y/noAutofocus: the person has just asked for this form
              autoFocus
              required
              pattern=".*\S.*"
              maxLength={200}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          </label>
          <div className="card-acts">
            <button type="submit" className="second" disabled={act.isPending}>
              {t(`approvals.${refusing as "reject"}`)}
            </button>
            <button type="button" className="second" onClick={() => setRefusing(null)}>
              {t("common.cancel")}
            </button>
          </div>
        </form>
      ) : (
        <div className="card-acts">
          <button
            type="button"
            className="main"
            disabled={act.isPending}
            onClick={() => act.mutate({ series, action: "approve" })}
          >
            {t("approvals.approve")}
          </button>
          {REFUSALS.map((action) => (
            <button
              key={action}
              type="button"
              className="second"
              onClick={() => setRefusing(action)}
            >
              {t(`approvals.${action}`)}
            </button>
          ))}
        </div>
      )}
    </li>
  );
}
