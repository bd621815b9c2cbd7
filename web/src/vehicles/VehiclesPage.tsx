import { Link } from "wouter";
import type { Vehicle } from "../api/types";
import { listed } from "../i18n/console/phrases";
import { CATEGORIES, ENERGIES, EXCESSES, HOLDINGS, LIFE } from "../register/codes";
import { RegisterPage } from "../register/RegisterPage";
import { codeIn, useSay } from "../register/words";
import { VehicleDetail } from "./VehicleDetail";
import { ADD } from "./vehicleActs";

/** The vehicles within one's scope; a plate leads to the map, the model to all that is known. */
export default function VehiclesPage() {
  const say = useSay();
  return (
    <RegisterPage<Vehicle>
      title="vehicle.heading"
      path="/vehicles"
      address="/vehicles"
      exchange="vehicles"
      acts={[ADD]}
      filters={[
        { name: "q", label: "search", kind: "search" },
        { name: "holding", label: "vehicle.holding", kind: "choice", codes: HOLDINGS },
        { name: "category", label: "vehicle.category", kind: "choice", codes: CATEGORIES },
        { name: "energy", label: "vehicle.energy", kind: "choice", codes: ENERGIES },
        { name: "use_type", label: "vehicle.use_type", kind: "search" },
        { name: "state", label: "vehicle.state", kind: "choice", family: "life", codes: LIFE },
        { name: "excess", label: "vehicle.excess", kind: "choice", codes: EXCESSES },
        {
          name: "documents_expired",
          label: "vehicle.documents.expired",
          kind: "choice",
          family: "flag",
          codes: ["true", "false"],
        },
      ]}
      columns={[
        {
          title: "plate",
          show: (one) => (
            <Link
              className="plate"
              href={`/?v=${one.id}`}
              onClick={(event) => event.stopPropagation()}
            >
              {one.plate}
            </Link>
          ),
          width: 112,
        },
        { title: "vehicle.model", show: (one) => one.model, opens: true },
        { title: "unit", show: (one) => one.unit.name },
        {
          title: "vehicle.category",
          show: (one) => codeIn(say, "category", one.category),
          width: 120,
        },
        { title: "vehicle.seats", show: (one) => one.seats, width: 64 },
        { title: "vehicle.energy", show: (one) => codeIn(say, "energy", one.energy), width: 96 },
        {
          title: "vehicle.holding",
          show: (one) => codeIn(say, "holding", one.holding),
          width: 100,
        },
        { title: "vehicle.base", show: (one) => one.base?.name ?? "—" },
        { title: "vehicle.state", show: (one) => codeIn(say, "life", one.state), width: 96 },
        {
          title: "vehicle.excess",
          show: (one) => listed(one.excess.map((code) => codeIn(say, "excess", code))) || "—",
          width: 96,
        },
        {
          title: "vehicle.terminal",
          show: (one) =>
            one.terminal?.phone ?? <span className="aside">{say("vehicle.unbound")}</span>,
          width: 130,
        },
      ]}
      detail={(id) => <VehicleDetail key={id} id={id} />}
    />
  );
}
