import type { Standard } from "../api/types";
import { listed } from "../i18n/console/phrases";
import { momentOf } from "../time/format";
import type { Act } from "./acts";
import { BODIES, CATEGORIES, CONDITIONS } from "./codes";
import { yuanOf } from "./money";
import { RegisterPage } from "./RegisterPage";
import { codeIn, useSay } from "./words";

const ADD: Act = {
  label: "standards.add",
  path: "/standards",
  permission: "standard.write",
  fields: [
    { name: "organisation_id", label: "organisation", kind: "pick", from: "/organisations" },
    { name: "category", label: "vehicle.category", kind: "choice", codes: CATEGORIES },
    { name: "condition", label: "vehicle.condition", kind: "choice", codes: CONDITIONS },
    {
      name: "bodies",
      label: "standards.bodies",
      kind: "choice",
      family: "body",
      codes: BODIES,
      many: true,
    },
    { name: "new_energy", label: "standards.new_energy", kind: "flag" },
    { name: "price_fen", label: "standards.price", kind: "yuan", needed: true },
    { name: "displacement_ml", label: "standards.displacement", kind: "number" },
    { name: "source", label: "standards.source", kind: "text", needed: true },
    { name: "since", label: "since", kind: "instant" },
  ],
};

/** What a vehicle of each kind may cost and displace, since when, and where it is written. */
export default function StandardsPage() {
  const say = useSay();
  return (
    <RegisterPage<Standard>
      title="standards"
      path="/standards"
      acts={[ADD]}
      columns={[
        {
          title: "vehicle.category",
          show: (one) =>
            one.category ? codeIn(say, "category", one.category) : say("standards.all"),
          width: 140,
        },
        {
          title: "vehicle.condition",
          show: (one) => codeIn(say, "condition", one.condition),
          width: 110,
        },
        {
          title: "standards.bodies",
          show: (one) =>
            listed(one.bodies.map((body) => codeIn(say, "body", body))) || say("standards.all"),
          width: 140,
        },
        {
          title: "standards.new_energy",
          show: (one) => say(one.new_energy ? "yes" : "no"),
          width: 80,
        },
        { title: "standards.price", show: (one) => yuanOf(one.price_fen), width: 140 },
        { title: "standards.displacement", show: (one) => one.displacement_ml ?? "—", width: 150 },
        {
          title: "organisation",
          show: (one) => one.organisation?.name ?? say("standards.national"),
          width: 150,
        },
        { title: "since", show: (one) => momentOf(one.since), width: 140 },
        { title: "standards.source", show: (one) => one.source },
      ]}
    />
  );
}
