import { Input, Select, Table, type TableProps } from "antd";
import { Link } from "wouter";
import type { Holding, Vehicle } from "../api/types";
import { useFilter } from "../console/filters";
import { Listing } from "../console/Listing";
import { PageHead } from "../console/PageHead";
import { useList } from "../console/useList";
import { useSettled } from "../console/useSettled";
import { useT } from "../i18n/console/words";
import { wordOf } from "../i18n/words";

const HOLDINGS: Holding[] = ["retained", "pool", "rental"];

export default function VehiclesPage() {
  const t = useT();
  const [text, setText] = useFilter("q");
  const [holding, setHolding] = useFilter("holding");
  const list = useList<Vehicle>("/vehicles", { q: useSettled(text, 250), holding });
  return (
    <div className="page">
      <PageHead
        title={t("vehicles.heading")}
        note={t("common.count", { n: `${list.items.length}${list.more ? "+" : ""}` })}
      >
        <Input
          data-search
          allowClear
          style={{ width: 200 }}
          value={text}
          placeholder={t("common.search.plate")}
          aria-label={t("common.search.plate")}
          onChange={(event) => setText(event.target.value)}
        />
        <Select
          value={holding}
          aria-label={t("vehicles.holding")}
          onChange={setHolding}
          style={{ width: 130 }}
          options={[
            { value: "", label: t("common.all") },
            ...HOLDINGS.map((code) => ({ value: code, label: wordOf("holding", code) })),
          ]}
        />
      </PageHead>
      <Listing list={list}>
        <Table
          size="small"
          rowKey="id"
          loading={list.loading}
          columns={useColumns()}
          dataSource={list.items}
          pagination={false}
          locale={{ emptyText: t("common.none") }}
        />
      </Listing>
    </div>
  );
}

function useColumns(): NonNullable<TableProps<Vehicle>["columns"]> {
  const t = useT();
  return [
    {
      title: t("common.plate"),
      width: 112,
      render: (_, vehicle) => (
        <Link className="plate" href={`/?v=${vehicle.id}`}>
          {vehicle.plate}
        </Link>
      ),
    },
    { title: t("common.unit"), ellipsis: true, render: (_, vehicle) => vehicle.unit.name },
    { title: t("vehicles.model"), dataIndex: "model", ellipsis: true },
    {
      title: t("vehicles.category"),
      width: 120,
      render: (_, vehicle) => wordOf("category", vehicle.category),
    },
    { title: t("vehicles.seats"), dataIndex: "seats", align: "right", width: 64 },
    {
      title: t("vehicles.energy"),
      width: 96,
      render: (_, vehicle) => wordOf("energy", vehicle.energy),
    },
    {
      title: t("vehicles.holding"),
      width: 100,
      render: (_, vehicle) => wordOf("holding", vehicle.holding),
    },
    {
      title: t("vehicles.base"),
      ellipsis: true,
      render: (_, vehicle) => vehicle.base?.name ?? "—",
    },
    {
      title: t("vehicles.terminal"),
      width: 140,
      render: (_, vehicle) =>
        vehicle.terminal?.phone ?? <span className="aside">{t("vehicles.noTerminal")}</span>,
    },
  ];
}
