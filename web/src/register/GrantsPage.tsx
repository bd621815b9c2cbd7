import type { SupervisionGrant } from "../api/types";
import { periodOf } from "../time/format";
import { ActButton } from "./ActButton";
import type { Act } from "./acts";
import { RegisterPage } from "./RegisterPage";
import { codeIn, useSay } from "./words";

const ADD: Act = {
  label: "grants.add",
  path: "/grants",
  permission: "grant.write",
  fields: [
    { name: "letter_no", label: "grants.letter", kind: "text", needed: true },
    {
      name: "issuer_kind",
      label: "kind",
      kind: "choice",
      family: "issuer",
      codes: ["discipline", "audit_office"],
      needed: true,
    },
    { name: "issuer_name", label: "grants.issuer", kind: "text", needed: true },
    { name: "person_id", label: "person", kind: "pick", from: "/people", needed: true },
    {
      name: "organisation_id",
      label: "organisation",
      kind: "pick",
      from: "/organisations",
      needed: true,
    },
    { name: "vehicle_ids", label: "vehicle", kind: "pick", from: "/vehicles", many: true },
    { name: "matter", label: "grants.matter", kind: "area", needed: true },
    { name: "start", label: "since", kind: "instant" },
    { name: "end", label: "until", kind: "instant", needed: true },
  ],
};

const endOf = (id: string): Act => ({
  label: "grants.end",
  path: `/grants/${id}/end`,
  permission: "grant.write",
  danger: true,
  fields: [{ name: "reason", label: "reason", kind: "text", needed: true }],
});

/** External supervisors act under a letter: its number, its scope, its period. */
export default function GrantsPage() {
  const say = useSay();
  return (
    <RegisterPage<SupervisionGrant>
      title="grants"
      path="/grants"
      acts={[ADD]}
      columns={[
        { title: "grants.letter", show: (one) => one.letter_no, width: 150 },
        {
          title: "grants.issuer",
          show: (one) => `${one.issuer_name} · ${codeIn(say, "issuer", one.issuer_kind)}`,
        },
        { title: "person", show: (one) => one.person.name, width: 110 },
        { title: "organisation", show: (one) => one.organisation.name },
        { title: "grants.matter", show: (one) => one.matter },
        { title: "period", show: (one) => periodOf(one), width: 220 },
        {
          title: "state",
          show: (one) => !one.ended_at && <ActButton act={endOf(one.id)} />,
          width: 110,
        },
      ]}
    />
  );
}
