import { Input, Select, Table, type TableProps } from "antd";
import { useLocation, useParams } from "wouter";
import type { Finding } from "../api/types";
import { useFilter } from "../console/filters";
import { Listing } from "../console/Listing";
import { PageHead } from "../console/PageHead";
import { Sideways } from "../console/Sideways";
import { useList } from "../console/useList";
import { leastOf } from "../console/widths";
import { useT } from "../i18n/console/words";
import { wordOf } from "../i18n/words";
import { dayEnd, dayStart } from "../time/format";
import { FindingDetail } from "./FindingDetail";
import { figureOf, leadingFigure } from "./figures";
import "./findings.css";

const RULES = ["moved_without_order", "not_back_at_night"];

/** Findings on the left; figures, counter-evidence and track of the chosen one on the right. */
export default function FindingsPage() {
  const t = useT();
  const columns = useColumns();
  const { id } = useParams<{ id?: string }>();
  const [, navigate] = useLocation();
  const [rule, setRule] = useFilter("rule");
  const [start, setStart] = useFilter("start");
  const [end, setEnd] = useFilter("end");
  const list = useList<Finding>(
    "/findings",
    { rule, start: dayStart(start), end: dayEnd(end) },
    { refetch_ms: 15_000 },
  );
  const open = (next: string) => navigate(next + window.location.search);
  return (
    <div className="page">
      <PageHead title={t("findings.heading")} note={t("findings.note")}>
        <Input
          type="date"
          aria-label={t("explained.from")}
          value={start}
          onChange={(event) => setStart(event.target.value)}
        />
        <Input
          type="date"
          aria-label={t("explained.to")}
          value={end}
          onChange={(event) => setEnd(event.target.value)}
        />
        <Select
          value={rule}
          aria-label={t("findings.rule")}
          onChange={setRule}
          style={{ width: 190 }}
          options={[
            { value: "", label: t("common.all") },
            ...RULES.map((code) => ({ value: code, label: wordOf("rule", code) })),
          ]}
        />
      </PageHead>
      <div className="findings">
        <Listing list={list}>
          <Sideways label={t("findings.heading")} least={leastOf(columns)}>
            <Table
              size="small"
              rowKey="id"
              loading={list.loading}
              columns={columns}
              dataSource={list.items}
              pagination={false}
              locale={{ emptyText: t("common.none") }}
              rowClassName={(finding) => (finding.id === id ? "chosen" : "")}
              onRow={(finding) => ({ onClick: () => open(`/findings/${finding.id}`) })}
            />
          </Sideways>
        </Listing>
        <section className="finding-side" aria-live="polite">
          {id ? <FindingDetail key={id} id={id} /> : <p className="pick">{t("findings.pick")}</p>}
        </section>
      </div>
    </div>
  );
}

function useColumns(): NonNullable<TableProps<Finding>["columns"]> {
  const t = useT();
  return [
    { title: t("findings.day"), dataIndex: "day", width: 104 },
    {
      title: t("common.plate"),
      width: 104,
      render: (_, finding) => (
        <a
          className="plate"
          href={`/findings/${finding.id}`}
          onClick={(event) => event.preventDefault()}
        >
          {finding.vehicle.plate}
        </a>
      ),
    },
    { title: t("findings.rule"), ellipsis: true, render: (_, finding) => finding.rule_label },
    { title: t("common.unit"), ellipsis: true, render: (_, finding) => finding.unit.name },
    {
      title: t("findings.figures"),
      width: 110,
      align: "right",
      render: (_, finding) => {
        const figure = leadingFigure(finding.figures);
        return figure ? figureOf(...figure) : "—";
      },
    },
  ];
}
