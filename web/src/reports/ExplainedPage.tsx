import { useQuery } from "@tanstack/react-query";
import { Alert, Input, Spin } from "antd";
import { useState } from "react";
import { read } from "../api/client";
import { sentenceOf } from "../api/sentence";
import type { Explained, ExplainedReport } from "../api/types";
import { useFilter } from "../console/filters";
import { PageHead } from "../console/PageHead";
import { Sideways } from "../console/Sideways";
import { useT } from "../i18n/console/words";
import { dayEnd, dayOf, dayStart, kilometres } from "../time/format";
import { Parts } from "./Parts";
import "./reports.css";

const DAY_MS = 86_400_000;

/** Driven = ordered + service + filed + unexplained, per unit and vehicle, adding up exactly. */
export default function ExplainedPage() {
  const t = useT();
  const [start, setStart] = useFilter("start", dayOf(Date.now() - 7 * DAY_MS));
  const [end, setEnd] = useFilter("end", dayOf(Date.now()));
  const report = useQuery({
    queryKey: ["/reports/explained", start, end],
    queryFn: () =>
      read<ExplainedReport>("/reports/explained", {
        start: dayStart(start),
        end: dayEnd(end),
      }),
    placeholderData: (before) => before,
  });
  return (
    <div className="page">
      <PageHead title={t("explained.heading")} note={t("explained.note")}>
        <Input
          type="date"
          aria-label={t("explained.from")}
          value={start}
          max={end}
          onChange={(event) => setStart(event.target.value)}
        />
        <Input
          type="date"
          aria-label={t("explained.to")}
          value={end}
          min={start}
          onChange={(event) => setEnd(event.target.value)}
        />
      </PageHead>
      {report.error && <Alert type="error" showIcon title={sentenceOf(t, report.error)} />}
      {report.isPending && <Spin />}
      {report.data && <Report report={report.data} />}
    </div>
  );
}

function Report({ report }: { report: ExplainedReport }) {
  const t = useT();
  const days = report.provisional_days ?? [];
  return (
    <>
      {days.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={t("explained.provisional", { days: days.join(", ") })}
        />
      )}
      <Sideways label={t("explained.heading")}>
        <table className="explained">
          <caption>{t("explained.unitKm")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("common.unit")}</th>
              <th scope="col">{t("explained.share")}</th>
              <th scope="col">{t("explained.driven")}</th>
              <th scope="col">{t("explained.ordered")}</th>
              <th scope="col">{t("explained.service")}</th>
              <th scope="col">{t("explained.filed")}</th>
              <th scope="col">{t("explained.unexplained")}</th>
            </tr>
          </thead>
          {report.units.map((unit) => (
            <UnitRows key={unit.unit.id} unit={unit} />
          ))}
          <tfoot>
            <tr>
              <th scope="row">{t("common.total")}</th>
              <Figures of={report.total} />
            </tr>
          </tfoot>
        </table>
      </Sideways>
    </>
  );
}

function UnitRows({ unit }: { unit: ExplainedReport["units"][number] }) {
  const [open, setOpen] = useState(false);
  return (
    <tbody>
      <tr className="unit-row">
        <th scope="row">
          <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
            {unit.unit.name}
            <small>{unit.vehicles.length}</small>
          </button>
        </th>
        <Figures of={unit} />
      </tr>
      {open &&
        unit.vehicles.map((row) => (
          <tr key={row.vehicle.id}>
            <th scope="row" className="plate">
              {row.vehicle.plate}
            </th>
            <Figures of={row} />
          </tr>
        ))}
    </tbody>
  );
}

function Figures({ of }: { of: Explained }) {
  return (
    <>
      <td>
        <Parts of={of} />
      </td>
      <td>{kilometres(of.driven_m, 3)}</td>
      <td>{kilometres(of.ordered_m, 3)}</td>
      <td>{kilometres(of.service_m, 3)}</td>
      <td>{kilometres(of.filed_m, 3)}</td>
      <td className={of.unexplained_m > 0 ? "unexplained" : ""}>
        {kilometres(of.unexplained_m, 3)}
      </td>
    </>
  );
}
