import type { Mandate } from "../api/types";
import { momentOf } from "../time/format";
import { ActButton } from "./ActButton";
import type { Act } from "./acts";
import { RegisterPage } from "./RegisterPage";
import { codeIn, useSay } from "./words";

const MATTERS = ["approve", "dispatch", "supervise", "manage"] as const;

const ADD: Act = {
  label: "mandates.add",
  path: "/mandates",
  permission: "mandate.write",
  fields: [
    {
      name: "holder_id",
      label: "mandates.holder",
      kind: "pick",
      from: "/organisations",
      needed: true,
    },
    { name: "over_id", label: "mandates.over", kind: "pick", from: "/organisations", needed: true },
    { name: "matter", label: "matter", kind: "choice", codes: MATTERS, needed: true },
    { name: "start", label: "since", kind: "instant" },
    { name: "end", label: "until", kind: "instant" },
    { name: "reason", label: "reason", kind: "text" },
  ],
};

const endOf = (id: string): Act => ({
  label: "mandates.end",
  path: `/mandates/${id}/end`,
  permission: "mandate.write",
  danger: true,
  fields: [
    { name: "end", label: "until", kind: "instant" },
    { name: "reason", label: "reason", kind: "text" },
  ],
});

/** Who may decide what, over whom and for how long: never inferred from the level. */
export default function MandatesPage() {
  const say = useSay();
  return (
    <RegisterPage<Mandate>
      title="mandates"
      path="/mandates"
      acts={[ADD]}
      filters={[{ name: "matter", label: "matter", kind: "choice", codes: MATTERS }]}
      columns={[
        { title: "matter", show: (one) => codeIn(say, "matter", one.matter), width: 90 },
        { title: "mandates.holder", show: (one) => one.holder.name },
        { title: "mandates.over", show: (one) => one.over.name },
        { title: "since", show: (one) => momentOf(one.start), width: 140 },
        { title: "until", show: (one) => momentOf(one.end), width: 140 },
        {
          title: "state",
          show: (one) => !one.end && <ActButton act={endOf(one.id)} />,
          width: 120,
        },
      ]}
    />
  );
}
