import { Button } from "antd";
import type { SealedOrder, Sealing, SealingPreview } from "../api/types";
import { useList } from "../console/useList";
import { listed } from "../i18n/console/phrases";
import { useT } from "../i18n/console/words";
import { periodOf } from "../time/format";
import { ActButton } from "./ActButton";
import type { Act } from "./acts";
import { CATEGORIES } from "./codes";
import { Dated } from "./Dated";
import { RegisterPage } from "./RegisterPage";
import { codeIn, useSay } from "./words";

const ADD: Act = {
  label: "sealings.add",
  path: "/sealings",
  permission: "sealing.write",
  fields: [
    { name: "name", label: "name", kind: "text", needed: true },
    { name: "basis", label: "sealings.basis", kind: "text", needed: true },
    { name: "organisation_id", label: "organisation", kind: "pick", from: "/organisations" },
    { name: "start", label: "start", kind: "instant", needed: true },
    { name: "end", label: "end", kind: "instant", needed: true },
    {
      name: "days",
      label: "sealings.days",
      kind: "choice",
      codes: ["every_day", "holidays", "holidays_and_weekends"],
      initial: "every_day",
      needed: true,
    },
    {
      name: "exempt_categories",
      label: "sealings.exempt",
      kind: "choice",
      family: "category",
      codes: CATEGORIES,
      many: true,
    },
  ],
  preview: {
    path: "/sealings/preview",
    show: (answer) => <Previewed preview={answer as SealingPreview} />,
  },
};

const endOf = (id: string): Act => ({
  label: "sealings.end",
  path: `/sealings/${id}/end`,
  permission: "sealing.write",
  danger: true,
  fields: [{ name: "reason", label: "reason", kind: "text", needed: true }],
});

/** Windows in which vehicles stand still, keys and documents handed in. */
export default function SealingsPage() {
  const say = useSay();
  return (
    <RegisterPage<Sealing>
      title="sealings"
      path="/sealings"
      address="/sealings"
      acts={[ADD]}
      columns={[
        { title: "name", show: (one) => one.name },
        { title: "period", show: (one) => periodOf(one), width: 220 },
        { title: "sealings.days", show: (one) => codeIn(say, "days", one.days), width: 150 },
        { title: "organisation", show: (one) => one.organisation.name },
        {
          title: "sealings.exempt",
          show: (one) =>
            listed(one.exempt_categories.map((code) => codeIn(say, "category", code))) || "—",
        },
        { title: "sealings.basis", show: (one) => one.basis },
        {
          title: "state",
          show: (one) => !one.ended_at && <ActButton act={endOf(one.id)} />,
          width: 110,
        },
      ]}
      detail={(id) => <Orders key={id} sealingId={id} />}
    />
  );
}

/** The orders that were promised before and that it forbids, as far as one sees orders. */
function Orders({ sealingId }: { sealingId: string }) {
  const t = useT();
  const say = useSay();
  const orders = useList<SealedOrder>(`/sealings/${sealingId}/orders`, {});
  if (orders.items.length === 0) return <p>{say("sealings.no_orders")}</p>;
  return (
    <>
      <Dated
        title="sealings.orders"
        items={orders.items}
        keyOf={(one) => one.id}
        heads={["vehicle", "unit", "period", "sealings.stands"]}
        cells={[
          (one) => one.vehicle.plate,
          (one) => one.unit.name,
          (one) => periodOf(one),
          (one) => periodOf({ start: one.sealed_start, end: one.sealed_end }),
        ]}
      />
      {orders.more && <Button onClick={orders.more}>{t("common.more")}</Button>}
    </>
  );
}

/** What a sealing would do: how many vehicles, and when. */
function Previewed({ preview }: { preview: SealingPreview }) {
  const say = useSay();
  return (
    <>
      <p role="status">
        {say("sealings.previewed", {
          sealed: preview.sealed_vehicles,
          exempt: preview.exempt_vehicles,
          windows: preview.windows.length,
        })}
      </p>
      {preview.provisional && <p>{say("calendar.provisional")}</p>}
      <Dated
        title="period"
        items={preview.windows}
        keyOf={(window) => window.start}
        cells={[(window) => periodOf(window)]}
      />
    </>
  );
}
