import type { Quota } from "../api/types";
import type { Act } from "./acts";
import { CATEGORIES } from "./codes";
import { RegisterPage } from "./RegisterPage";
import { codeIn, useSay } from "./words";

const ADD: Act = {
  label: "quotas.add",
  path: "/quotas",
  permission: "quota.write",
  fields: [
    {
      name: "organisation_id",
      label: "unit",
      kind: "pick",
      from: "/organisations",
      needed: true,
    },
    {
      name: "category",
      label: "vehicle.category",
      kind: "choice",
      codes: CATEGORIES,
      needed: true,
    },
    { name: "count", label: "quotas.count", kind: "number", needed: true },
    { name: "basis", label: "quotas.basis", kind: "text", needed: true },
    { name: "since", label: "since", kind: "instant" },
  ],
};

/** How many vehicles each unit may have of a category, has, and has too many. */
export default function QuotasPage() {
  const say = useSay();
  return (
    <RegisterPage<Quota>
      title="quotas"
      note="quotas.note"
      path="/quotas"
      exchange="quotas"
      acts={[ADD]}
      filters={[
        { name: "category", label: "vehicle.category", kind: "choice", codes: CATEGORIES },
        {
          name: "over",
          label: "quotas.over.only",
          kind: "choice",
          family: "flag",
          codes: ["true"],
        },
      ]}
      columns={[
        { title: "unit", show: (one) => one.organisation.name },
        {
          title: "vehicle.category",
          show: (one) => codeIn(say, "category", one.category),
          width: 160,
        },
        { title: "quotas.count", show: (one) => one.count, width: 90 },
        { title: "quotas.used", show: (one) => one.used, width: 90 },
        { title: "quotas.free", show: (one) => one.free, width: 90 },
        {
          title: "quotas.over",
          show: (one) => (one.over > 0 ? <strong className="over">{one.over}</strong> : 0),
          width: 90,
        },
        { title: "quotas.basis", show: (one) => one.basis },
      ]}
    />
  );
}
