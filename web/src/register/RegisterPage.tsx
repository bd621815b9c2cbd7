import { Drawer, Input, Select, Table } from "antd";
import type { ReactNode } from "react";
import { Link, useLocation, useParams } from "wouter";
import type { Query } from "../api/client";
import { useFilterValues } from "../console/filters";
import { Listing } from "../console/Listing";
import { PageHead } from "../console/PageHead";
import { Sideways } from "../console/Sideways";
import { useList } from "../console/useList";
import { useSettled } from "../console/useSettled";
import { leastOf } from "../console/widths";
import { useT } from "../i18n/console/words";
import { dayEnd, dayStart } from "../time/format";
import { ActButton } from "./ActButton";
import type { Act } from "./acts";
import { Exchange } from "./Exchange";
import { codeIn, useSay } from "./words";
import type { Word } from "./zh";
import "./register.css";

export interface Column<Item> {
  title: Word;
  show: (item: Item) => ReactNode;
  width?: number;
  /** Whether the entry's link stands here; the first column's otherwise. */
  opens?: boolean;
}

/** A filter in the page's address that goes to the server under the same name. */
export interface Filter {
  name: string;
  label: Word;
  kind: "search" | "choice" | "from" | "until";
  codes?: readonly string[];
  family?: string;
}

interface Props<Item extends { id: string }> {
  title: Word;
  note?: Word;
  path: string;
  columns: Column<Item>[];
  filters?: readonly Filter[];
  acts?: readonly Act[];
  /** The address of this page: a row then opens `{address}/{id}` beside the list. */
  address?: string;
  detail?: (id: string) => ReactNode;
  /** The list's name in import and export. */
  exchange?: string;
  above?: ReactNode;
}

/** A list of the register: filters in the address, acts above, the chosen entry at the side. */
export function RegisterPage<Item extends { id: string }>(props: Props<Item>) {
  const t = useT();
  const say = useSay();
  const { id } = useParams<{ id?: string }>();
  const [, navigate] = useLocation();
  const { query, inputs } = useFilters(props.filters ?? []);
  const list = useList<Item>(props.path, query);
  const go = (next: string) => navigate(next + window.location.search);
  // A row is for the mouse; the link in it is for everybody.
  const opening =
    props.address && (props.columns.find((column) => column.opens) ?? props.columns[0]);
  const count = t("common.count", { n: `${list.items.length}${list.more ? "+" : ""}` });
  return (
    <div className="page">
      <PageHead title={say(props.title)} note={props.note ? say(props.note) : count}>
        {inputs}
        {props.exchange && <Exchange list={props.exchange} query={query} />}
        {props.acts?.map((act, n) => (
          <ActButton key={act.label} act={act} primary={n === 0} />
        ))}
      </PageHead>
      {props.above}
      <Listing list={list}>
        <Sideways label={say(props.title)} least={leastOf(props.columns)}>
          <Table
            size="small"
            rowKey="id"
            loading={list.loading}
            columns={props.columns.map((column) => ({
              title: say(column.title),
              ...(column.width ? { width: column.width } : {}),
              ellipsis: true,
              render: (_: unknown, item: Item) =>
                column === opening ? (
                  <Link
                    href={`${props.address}/${item.id}${window.location.search}`}
                    onClick={(event) => event.stopPropagation()}
                  >
                    {column.show(item)}
                  </Link>
                ) : (
                  column.show(item)
                ),
            }))}
            dataSource={list.items}
            pagination={false}
            locale={{ emptyText: t("common.none") }}
            rowClassName={(item) => (item.id === id ? "chosen" : "")}
            onRow={(item) =>
              props.address ? { onClick: () => go(`${props.address}/${item.id}`) } : {}
            }
          />
        </Sideways>
      </Listing>
      <Drawer
        open={Boolean(props.detail && id)}
        size={640}
        title={say(props.title)}
        onClose={() => go(props.address ?? "/")}
        destroyOnHidden
      >
        {props.detail && id && props.detail(id)}
      </Drawer>
    </div>
  );
}

function useFilters(filters: readonly Filter[]): { query: Query; inputs: ReactNode } {
  const [values, set] = useFilterValues();
  const settled = useSettled(values, 250);
  const inputs = filters.map((filter) => (
    <FilterInput
      key={filter.name}
      filter={filter}
      value={values.get(filter.name) ?? ""}
      onChange={(value) => set(filter.name, value)}
    />
  ));
  const query = filters.map((filter) => [
    filter.name,
    sent(filter, settled.get(filter.name) ?? ""),
  ]);
  return { query: Object.fromEntries(query), inputs };
}

function sent(filter: Filter, value: string): string {
  if (filter.kind === "from") return dayStart(value);
  if (filter.kind === "until") return dayEnd(value);
  return value;
}

interface InputProps {
  filter: Filter;
  value: string;
  onChange: (value: string) => void;
}

function FilterInput({ filter, value, onChange }: InputProps) {
  const t = useT();
  const say = useSay();
  const label = say(filter.label);
  if (filter.kind === "choice") {
    return (
      <Select
        value={value}
        aria-label={label}
        style={{ width: 150 }}
        onChange={onChange}
        options={[
          { value: "", label: `${label}: ${t("common.all")}` },
          ...(filter.codes ?? []).map((code) => ({
            value: code,
            label: codeIn(say, filter.family ?? filter.name, code),
          })),
        ]}
      />
    );
  }
  return (
    <Input
      data-search={filter.kind === "search" ? true : undefined}
      allowClear
      type={filter.kind === "search" ? "text" : "date"}
      style={{ width: 180 }}
      value={value}
      placeholder={label}
      aria-label={label}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
