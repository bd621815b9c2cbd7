import type { RosterEntry } from "../api/types";
import { periodOf } from "../time/format";
import { ActButton } from "./ActButton";
import type { Act } from "./acts";
import { RegisterPage } from "./RegisterPage";
import { codeIn, type Say, useSay } from "./words";

const ADD: Act = {
  label: "rosters.add",
  path: "/rosters",
  permission: "roster.write",
  fields: [
    {
      name: "organisation_id",
      label: "organisation",
      kind: "pick",
      from: "/organisations",
      needed: true,
    },
    {
      name: "kind",
      label: "kind",
      kind: "choice",
      family: "roster",
      codes: ["regular_duty", "holiday_duty", "emergency_standby"],
      needed: true,
    },
    { name: "person_id", label: "person", kind: "pick", from: "/people" },
    { name: "vehicle_id", label: "vehicle", kind: "pick", from: "/vehicles" },
    { name: "start", label: "start", kind: "instant", needed: true },
    { name: "end", label: "end", kind: "instant", needed: true },
    { name: "note", label: "note", kind: "text" },
  ],
};

const withdrawalOf = (id: string): Act => ({
  label: "rosters.withdraw",
  path: `/rosters/${id}/end`,
  permission: "roster.write",
  danger: true,
  fields: [],
});

/** Who and which vehicle is on duty. */
export default function RostersPage() {
  const say = useSay();
  return (
    <RegisterPage<RosterEntry>
      title="rosters"
      path="/rosters"
      acts={[ADD]}
      columns={[
        { title: "period", show: (one) => periodOf(one), width: 220 },
        { title: "kind", show: (one) => codeIn(say, "roster", one.kind), width: 130 },
        { title: "organisation", show: (one) => one.organisation.name },
        { title: "person", show: (one) => <Who entry={one} say={say} />, width: 130 },
        { title: "vehicle", show: (one) => one.vehicle?.plate ?? "—", width: 120 },
        { title: "note", show: (one) => one.note ?? "—" },
        {
          title: "state",
          show: (one) => !one.withdrawn_at && <ActButton act={withdrawalOf(one.id)} />,
          width: 110,
        },
      ]}
    />
  );
}

/** Who is on duty; somebody on leave meanwhile needs to be replaced. */
function Who({ entry, say }: { entry: RosterEntry; say: Say }) {
  if (!entry.person) return "—";
  if (!entry.on_leave) return entry.person.name;
  return (
    <>
      {entry.person.name} <strong>{say("rosters.on_leave")}</strong>
    </>
  );
}
