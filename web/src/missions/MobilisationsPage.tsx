import { useQuery } from "@tanstack/react-query";
import { Alert } from "antd";
import { useState } from "react";
import { read } from "../api/client";
import { sentenceOf } from "../api/sentence";
import type {
  Entered,
  Mobilisation,
  MobilisationDetail,
  MobilisedOrder,
  Page,
  Signature,
} from "../api/types";
import { StateMark } from "../console/StateMark";
import { beside, told } from "../i18n/console/phrases";
import { useT } from "../i18n/console/words";
import { ActButton } from "../register/ActButton";
import type { Act, Field } from "../register/acts";
import { Dated } from "../register/Dated";
import { Facts } from "../register/Facts";
import { RegisterPage } from "../register/RegisterPage";
import { codeIn, type Say, useSay } from "../register/words";
import { momentOf, periodOf } from "../time/format";
import { BackEntries } from "./BackEntries";
import { orderOf } from "./mobilisationActs";
import { Told } from "./Told";

const LEVELS = ["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ"];

/** What stands below every signature: the statement, and the proof that its signer is there. */
const SIGNED: readonly Field[] = [
  { name: "statement", label: "mobilisations.statement", kind: "area", needed: true },
  { name: "password", label: "mobilisations.password", kind: "password" },
  { name: "code", label: "mobilisations.code", kind: "text", max: 30 },
];

const START: Act = {
  label: "mobilisations.start",
  path: "/mobilisations",
  permission: "mobilisation.sign",
  danger: true,
  fields: [
    {
      name: "organisation_id",
      label: "organisation",
      kind: "pick",
      from: "/organisations",
      needed: true,
    },
    {
      name: "level",
      label: "mobilisations.level",
      kind: "choice",
      options: LEVELS.map((level, n) => ({ value: String(n + 1), label: level })),
      needed: true,
    },
    { name: "name", label: "name", kind: "text", needed: true, max: 120 },
    { name: "basis", label: "mobilisations.basis", kind: "text", needed: true },
    ...SIGNED,
  ],
  shape: (body) => ({ ...body, level: Number(body.level) }),
};

const endOf = (id: string): Act => ({
  label: "mobilisations.end",
  path: `/mobilisations/${id}/end`,
  permission: "mobilisation.sign",
  danger: true,
  fields: SIGNED,
});

/** Vehicles of every holding called up by response level, signed and signed off. */
export default function MobilisationsPage() {
  const say = useSay();
  return (
    <RegisterPage<Mobilisation>
      title="mobilisations"
      path="/mobilisations"
      address="/mobilisations"
      acts={[START]}
      columns={[
        { title: "name", show: (one) => one.name },
        { title: "mobilisations.level", show: (one) => LEVELS[one.level - 1], width: 90 },
        { title: "organisation", show: (one) => one.organisation.name, width: 180 },
        { title: "period", show: (one) => periodOf(one), width: 240 },
        { title: "mobilisations.signed_by", show: (one) => one.started.by.name, width: 140 },
        {
          title: "state",
          show: (one) => say(one.end ? "mobilisations.over" : "mobilisations.in_force"),
          width: 120,
        },
      ]}
      detail={(id) => <Detail key={id} id={id} />}
    />
  );
}

function Detail({ id }: { id: string }) {
  const say = useSay();
  const path = `/mobilisations/${id}`;
  const t = useT();
  const { data: one, error } = useQuery({
    queryKey: [path],
    queryFn: () => read<MobilisationDetail>(path),
  });
  const { data: orders } = useQuery({
    queryKey: [path, "orders"],
    queryFn: () => read<Page<MobilisedOrder>>(`${path}/orders`, { limit: 200 }),
  });
  const [entered, setEntered] = useState<Entered | null>(null);
  if (!one) return error ? <Alert type="error" showIcon title={sentenceOf(t, error)} /> : null;
  const onOrdered = (answer: unknown) => setEntered(answer as Entered);
  return (
    <>
      <div className="acts">
        {!one.end && <ActButton act={orderOf(one.id)} onDone={onOrdered} />}
        <BackEntries mobilisation={one.id} onEntered={setEntered} />
        {!one.end && <ActButton act={endOf(one.id)} />}
      </div>
      {entered && <Told entered={entered} />}
      <Facts
        facts={[
          ["name", one.name],
          ["mobilisations.level", LEVELS[one.level - 1]],
          ["mobilisations.basis", one.basis],
          ["period", periodOf(one)],
          ["mobilisations.started", signatureOf(say, one.started)],
          ["mobilisations.ended", one.ended ? signatureOf(say, one.ended) : null],
          ["mobilisations.vehicles", vehiclesOf(say, one)],
          ["mobilisations.orders", beside(one.orders, one.open_orders)],
          ["mobilisations.back_entries", beside(one.back_entries, one.overdue)],
        ]}
      />
      <Dated
        title="mobilisations.orders"
        items={orders?.items ?? []}
        keyOf={(order) => order.order_id}
        heads={["missions.slip", "vehicle", "missions.driver", "period", "state", "note"]}
        cells={[
          (order) => order.slip ?? "—",
          (order) => order.vehicle?.plate ?? "—",
          (order) => order.driver?.name ?? "—",
          (order) => periodOf(order),
          (order) => <StateMark state={order.state} />,
          (order) => noteOf(say, order),
        ]}
      />
    </>
  );
}

const signatureOf = (say: Say, signed: Signature): string =>
  told(
    beside(`${signed.by.name} ${momentOf(signed.at)}`, codeIn(say, "proof", signed.proof)),
    signed.statement,
  );

const vehiclesOf = (say: Say, one: MobilisationDetail): string =>
  Object.entries(one.vehicles)
    .map(([holding, count]) => `${codeIn(say, "holding", holding)} ${count}`)
    .join(" · ");

function noteOf(say: Say, order: MobilisedOrder): string {
  if (!order.back_entry_due_at) return "";
  return say(order.overdue ? "mobilisations.overdue" : "mobilisations.back_entry");
}
