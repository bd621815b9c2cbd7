import { Select, Table, type TableProps } from "antd";
import { useLocation, useParams } from "wouter";
import type { Order } from "../api/types";
import { useFilter } from "../console/filters";
import { Listing } from "../console/Listing";
import { PageHead } from "../console/PageHead";
import { Sideways } from "../console/Sideways";
import { StateMark } from "../console/StateMark";
import { useList } from "../console/useList";
import { leastOf } from "../console/widths";
import { useT } from "../i18n/console/words";
import { wordOf } from "../i18n/words";
import { periodOf } from "../time/format";
import { OrderDrawer } from "./OrderDrawer";
import "./orders.css";

const STATES = [
  "assigned",
  "accepted",
  "departed",
  "arrived",
  "returning",
  "returned",
  "confirming",
  "archived",
  "cancelled",
  "interrupted",
];

export default function OrdersPage() {
  const t = useT();
  const columns = useColumns();
  const { id } = useParams<{ id?: string }>();
  const [, navigate] = useLocation();
  const [state, setState] = useFilter("state");
  const list = useList<Order>("/orders", { state }, { refetch_ms: 10_000 });
  const open = (next: string) => navigate(next + window.location.search);
  return (
    <div className="page">
      <PageHead title={t("orders.heading")}>
        <Select
          value={state}
          aria-label={t("common.state")}
          onChange={setState}
          style={{ width: 140 }}
          options={[
            { value: "", label: t("common.all") },
            ...STATES.map((code) => ({ value: code, label: wordOf("state", code) })),
          ]}
        />
      </PageHead>
      <Listing list={list}>
        <Sideways label={t("orders.heading")} least={leastOf(columns)}>
          <Table
            size="small"
            rowKey="id"
            loading={list.loading}
            columns={columns}
            dataSource={list.items}
            pagination={false}
            locale={{ emptyText: t("common.none") }}
            rowClassName={(order) => (order.id === id ? "chosen" : "")}
            onRow={(order) => ({ onClick: () => open(`/orders/${order.id}`) })}
          />
        </Sideways>
      </Listing>
      {id && <OrderDrawer id={id} onClose={() => open("/orders")} />}
    </div>
  );
}

function useColumns(): NonNullable<TableProps<Order>["columns"]> {
  const t = useT();
  return [
    {
      title: t("orders.number"),
      width: 190,
      render: (_, order) => (
        <a href={`/orders/${order.id}`} onClick={(event) => event.preventDefault()}>
          {order.slip?.number_text ?? "—"}
          {order.slip?.void_at && <span className="void">{t("orders.void")}</span>}
        </a>
      ),
    },
    {
      title: t("common.state"),
      width: 96,
      render: (_, order) => <StateMark state={order.state} />,
    },
    { title: t("common.period"), width: 180, render: (_, order) => periodOf(order.period) },
    {
      title: t("common.plate"),
      width: 104,
      render: (_, order) => <strong className="plate">{order.vehicle?.plate ?? "—"}</strong>,
    },
    { title: t("common.driver"), width: 90, render: (_, order) => order.driver?.name ?? "—" },
    { title: t("common.unit"), width: 160, ellipsis: true, render: (_, order) => order.unit.name },
    { title: t("request.route"), ellipsis: true, render: (_, order) => <Where order={order} /> },
  ];
}

function Where({ order }: { order: Order }) {
  const t = useT();
  if (order.kind === "service") {
    return (
      <span>
        {t("orders.kind.service")}
        {order.service_kind && ` · ${wordOf("service", order.service_kind)}`}
      </span>
    );
  }
  const first = order.requests[0];
  if (!first) return null;
  return (
    <span>
      {first.pickup.name} → {first.destination.name}
      <small className="aside">{wordOf("purpose", first.purpose)}</small>
    </span>
  );
}
