import { useQuery } from "@tanstack/react-query";
import { read } from "../api/client";
import type { Organisation, OrganisationDetail } from "../api/types";
import { momentOf } from "../time/format";
import { ActButton } from "./ActButton";
import type { Act, Field } from "./acts";
import { Facts } from "./Facts";
import { FleetSums } from "./FleetSums";
import { RegisterPage } from "./RegisterPage";
import { codeIn, useSay } from "./words";

const KINDS = ["bureau", "unit", "supplier", "repair_shop"] as const;
const REASON: Field = { name: "reason", label: "reason", kind: "text" };
const SINCE: Field = { name: "start", label: "since", kind: "instant" };

const ADD: Act = {
  label: "organisations.add",
  path: "/organisations",
  permission: "organisation.write",
  fields: [
    { name: "name", label: "name", kind: "text", needed: true },
    { name: "kind", label: "kind", kind: "choice", codes: KINDS, needed: true, initial: "unit" },
    { name: "parent_id", label: "parent", kind: "pick", from: "/organisations" },
    { name: "region_code", label: "organisations.region_code", kind: "text" },
    { name: "uscc", label: "organisations.uscc", kind: "text" },
  ],
};

const actsOn = (id: string): Act[] => [
  {
    label: "organisations.rename",
    path: `/organisations/${id}/names`,
    permission: "organisation.write",
    fields: [{ name: "name", label: "name", kind: "text", needed: true }, SINCE, REASON],
  },
  {
    label: "organisations.move",
    path: `/organisations/${id}/parents`,
    permission: "organisation.write",
    fields: [
      { name: "parent_id", label: "parent", kind: "pick", from: "/organisations", needed: true },
      SINCE,
      REASON,
    ],
  },
  {
    label: "organisations.end",
    path: `/organisations/${id}/end`,
    permission: "organisation.write",
    fields: [{ ...REASON, needed: true }],
    danger: true,
  },
];

/** Organisations, the history of each, and the fleet as one at every level. */
export default function OrganisationsPage() {
  const say = useSay();
  return (
    <RegisterPage<Organisation>
      title="organisations"
      path="/organisations"
      address="/organisations"
      exchange="organisations"
      acts={[ADD]}
      filters={[
        { name: "q", label: "search", kind: "search" },
        { name: "kind", label: "kind", kind: "choice", codes: KINDS },
      ]}
      columns={[
        { title: "name", show: (one) => one.name },
        { title: "kind", show: (one) => codeIn(say, "kind", one.kind), width: 150 },
        { title: "parent", show: (one) => one.parent?.name ?? "—" },
        { title: "organisations.region_code", show: (one) => one.region_code ?? "—", width: 120 },
        { title: "organisations.uscc", show: (one) => one.uscc ?? "—", width: 190 },
      ]}
      detail={(id) => <Detail key={id} id={id} />}
    />
  );
}

function Detail({ id }: { id: string }) {
  const say = useSay();
  const { data: one } = useQuery({
    queryKey: ["/organisations", id],
    queryFn: () => read<OrganisationDetail>(`/organisations/${id}`),
  });
  if (!one) return null;
  return (
    <>
      <Facts
        facts={[
          ["name", <strong key="name">{one.name}</strong>],
          ["kind", codeIn(say, "kind", one.kind)],
          ["parent", one.parent?.name],
          ["organisations.region_code", one.region_code],
          ["organisations.uscc", one.uscc],
          ["warnings", one.warnings.map((warning) => warning.sentence).join(" ") || "—"],
        ]}
      />
      <div className="acts">
        {actsOn(id).map((act) => (
          <ActButton key={act.label} act={act} />
        ))}
      </div>
      <h2>{say("history")}</h2>
      <table className="dated">
        <tbody>
          {one.names.map((name) => (
            <tr key={`${name.start}${name.name}`}>
              <td>{name.name}</td>
              <td>{momentOf(name.start)}</td>
              <td>{momentOf(name.end)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <FleetSums organisationId={id} />
    </>
  );
}
