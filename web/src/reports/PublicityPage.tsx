import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Input, Select, Spin } from "antd";
import { address, read } from "../api/client";
import { sentenceOf } from "../api/sentence";
import type { Page, PublicityReport, Ref } from "../api/types";
import { useFilter } from "../console/filters";
import { PageHead } from "../console/PageHead";
import { Sideways } from "../console/Sideways";
import { useT } from "../i18n/console/words";
import { useSession } from "../session/session";
import { dayOf, kilometres, timeOf } from "../time/format";
import "./reports.css";

/** The month's uses of a unit, as they are posted inside it. */
export default function PublicityPage() {
  const t = useT();
  const session = useSession();
  const home = session.data?.roles[0]?.organisation.id ?? "";
  const [month, setMonth] = useFilter("month", dayOf(Date.now()).slice(0, 7));
  const [unit, setUnit] = useFilter("unit", home);
  const units = useQuery({
    queryKey: ["/organisations"],
    queryFn: () => read<Page<Ref>>("/organisations", { limit: 200 }),
    retry: false,
  });
  const query = { month, organisation_id: unit };
  const report = useQuery({
    queryKey: ["/reports/publicity", query],
    queryFn: () => read<PublicityReport>("/reports/publicity", query),
  });
  return (
    <div className="page">
      <PageHead title={t("publicity.heading")} note={t("publicity.internal")}>
        {units.data && (
          <Select
            value={unit}
            aria-label={t("common.unit")}
            onChange={setUnit}
            style={{ width: 220 }}
            options={units.data.items.map(({ id, name }) => ({ value: id, label: name }))}
          />
        )}
        <Input
          type="month"
          aria-label={t("publicity.month")}
          value={month}
          onChange={(event) => setMonth(event.target.value)}
        />
        <Button type="primary" href={address("/reports/publicity.xlsx", query)} download>
          {t("publicity.download")}
        </Button>
      </PageHead>
      {report.error && <Alert type="error" showIcon title={sentenceOf(t, report.error)} />}
      {report.isPending && <Spin />}
      {report.data && <Posting report={report.data} />}
    </div>
  );
}

function Posting({ report }: { report: PublicityReport }) {
  const t = useT();
  return (
    <div className="posting">
      <div className="watermark" aria-hidden="true">
        {Array.from({ length: 12 }, (_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: twelve equal marks
          <span key={i} data-mark={report.watermark} />
        ))}
      </div>
      <Sideways label={t("publicity.heading")}>
        <table className="explained">
          <caption>
            {report.unit.name} · {report.month}
          </caption>
          <thead>
            <tr>
              <th scope="col">{t("publicity.date")}</th>
              <th scope="col">{t("common.plate")}</th>
              <th scope="col">{t("publicity.start")}</th>
              <th scope="col">{t("publicity.end")}</th>
              <th scope="col">{t("publicity.purpose")}</th>
              <th scope="col">{t("publicity.place")}</th>
              <th scope="col">{t("publicity.distance")}</th>
            </tr>
          </thead>
          <tbody>
            {report.rows.length === 0 && (
              <tr>
                <td colSpan={7} className="nothing">
                  {t("common.none")}
                </td>
              </tr>
            )}
            {report.rows.map((row) => (
              <tr key={`${row.plate}${row.date}${row.start}`}>
                <td className="text">{row.date}</td>
                <td className="text plate">{row.plate}</td>
                <td className="text">{clock(row.start)}</td>
                <td className="text">{clock(row.end)}</td>
                <td className="text">{row.purpose_label}</td>
                <td className="text">{row.place}</td>
                <td>{kilometres(row.distance_m, 3)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" colSpan={6}>
                {t("common.total")}
              </th>
              <td>{kilometres(report.total_m, 3)}</td>
            </tr>
          </tfoot>
        </table>
      </Sideways>
    </div>
  );
}

/** `08:30` of an instant; what is a wall time already stays as it is. */
const clock = (time: string | null): string =>
  time === null ? "—" : time.length > 8 ? timeOf(time) : time;
