import type { Hold } from "../api/types";
import { momentOf, periodOf } from "../time/format";
import { ActButton } from "./ActButton";
import type { Act } from "./acts";
import { RegisterPage } from "./RegisterPage";

const ADD: Act = {
  label: "holds.add",
  path: "/holds",
  permission: "hold.write",
  fields: [
    { name: "case_number", label: "holds.case", kind: "text", needed: true },
    { name: "reason", label: "reason", kind: "text", needed: true },
    { name: "vehicle_id", label: "vehicle", kind: "pick", from: "/vehicles" },
    { name: "person_id", label: "person", kind: "pick", from: "/people" },
    { name: "start", label: "start", kind: "instant", needed: true },
    { name: "end", label: "end", kind: "instant" },
  ],
};

const releaseOf = (id: string): Act => ({
  label: "holds.release",
  path: `/holds/${id}/release`,
  permission: "hold.write",
  danger: true,
  fields: [{ name: "reason", label: "reason", kind: "text", needed: true }],
});

/** What must outlive retention: a vehicle or a person, for a period, by a case or a letter. */
export default function HoldsPage() {
  return (
    <RegisterPage<Hold>
      title="holds"
      path="/holds"
      acts={[ADD]}
      columns={[
        { title: "holds.case", show: (one) => one.case_number, width: 160 },
        { title: "vehicle", show: (one) => one.vehicle?.plate ?? "—", width: 120 },
        { title: "person", show: (one) => one.person?.name ?? "—", width: 120 },
        { title: "period", show: (one) => periodOf(one), width: 220 },
        { title: "reason", show: (one) => one.reason },
        { title: "since", show: (one) => momentOf(one.placed_at), width: 130 },
        {
          title: "state",
          show: (one) =>
            one.released_at ? momentOf(one.released_at) : <ActButton act={releaseOf(one.id)} />,
          width: 120,
        },
      ]}
    />
  );
}
