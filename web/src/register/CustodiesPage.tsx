import { useQuery } from "@tanstack/react-query";
import { read } from "../api/client";
import type { Custody, CustodyHolding, Page } from "../api/types";
import { momentOf } from "../time/format";
import { ActButton } from "./ActButton";
import type { Act, Field } from "./acts";
import { RegisterPage } from "./RegisterPage";
import { codeIn, useSay } from "./words";

const KINDS = ["key", "vehicle_licence", "fuel_card", "etc_card"] as const;

const holderFields = (within: string): Field[] => [
  { name: `${within}.person_id`, label: "custodies.holder.person", kind: "pick", from: "/people" },
  { name: `${within}.place_id`, label: "custodies.holder.place", kind: "pick", from: "/places" },
  {
    name: `${within}.organisation_id`,
    label: "organisation",
    kind: "pick",
    from: "/organisations",
  },
];

const ADD: Act = {
  label: "custodies.add",
  path: "/custodies",
  permission: "custody.write",
  fields: [
    { name: "vehicle_id", label: "vehicle", kind: "pick", from: "/vehicles", needed: true },
    { name: "kind", label: "kind", kind: "choice", family: "custody", codes: KINDS, needed: true },
    { name: "number", label: "custodies.number", kind: "text" },
    ...holderFields("holder"),
    { name: "note", label: "note", kind: "text" },
  ],
};

const handOverOf = (id: string): Act => ({
  label: "custodies.handover",
  path: `/custodies/${id}/handovers`,
  permission: "custody.write",
  fields: [
    ...holderFields("to"),
    { name: "at", label: "at", kind: "instant" },
    { name: "note", label: "note", kind: "text" },
  ],
});

const holderOf = (held: CustodyHolding): string =>
  (held.person ?? held.place ?? held.organisation)?.name ?? "—";

/** Keys, vehicle licences and cards: each has a holder at every moment. */
export default function CustodiesPage() {
  const say = useSay();
  return (
    <RegisterPage<Custody>
      title="custodies"
      path="/custodies"
      address="/custodies"
      acts={[ADD]}
      filters={[{ name: "kind", label: "kind", kind: "choice", family: "custody", codes: KINDS }]}
      columns={[
        {
          title: "vehicle",
          show: (one) => <span className="plate">{one.vehicle.plate}</span>,
          width: 120,
        },
        { title: "kind", show: (one) => codeIn(say, "custody", one.kind), width: 120 },
        { title: "custodies.number", show: (one) => one.number ?? "—", width: 160 },
        { title: "custodies.holder", show: (one) => holderOf(one.holding) },
        { title: "since", show: (one) => momentOf(one.holding.start), width: 140 },
      ]}
      detail={(id) => <Holders key={id} id={id} />}
    />
  );
}

function Holders({ id }: { id: string }) {
  const say = useSay();
  const path = `/custodies/${id}/holders`;
  const { data } = useQuery({
    queryKey: [path],
    queryFn: () => read<Page<CustodyHolding>>(path, { limit: 200 }),
  });
  return (
    <>
      <div className="acts">
        <ActButton act={handOverOf(id)} />
      </div>
      <h2>{say("history")}</h2>
      <table className="dated">
        <tbody>
          {data?.items.map((held) => (
            <tr key={held.start}>
              <td>{holderOf(held)}</td>
              <td>{momentOf(held.start)}</td>
              <td>{momentOf(held.end)}</td>
              <td>{held.note}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
