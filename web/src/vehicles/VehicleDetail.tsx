import { useQuery } from "@tanstack/react-query";
import { Alert } from "antd";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { read } from "../api/client";
import type { PlateHeld, Vehicle } from "../api/types";
import { listed } from "../i18n/console/phrases";
import { ActButton } from "../register/ActButton";
import { Dated } from "../register/Dated";
import { Facts } from "../register/Facts";
import { yuanOf } from "../register/money";
import { codeIn, type Say, useSay } from "../register/words";
import type { Word } from "../register/zh";
import { momentOf } from "../time/format";
import { VehicleDocuments } from "./VehicleDocuments";
import { VehicleEvents } from "./VehicleEvents";
import { actsOn } from "./vehicleActs";

/** Facts shown as they are, by the member's name. */
const PLAIN = [
  "vin",
  "engine_number",
  "displacement_ml",
  "purchase_date",
  "tank_l",
  "battery_kwh",
  "norm_ml_per_100km",
  "norm_wh_per_100km",
  "marking_date",
  "marking_basis",
  "use_type",
] as const satisfies readonly (keyof Vehicle)[];

/** All that is known of a vehicle, what may be done to it, and what happened to it. */
export function VehicleDetail({ id }: { id: string }) {
  const say = useSay();
  const { data: vehicle } = useQuery({
    queryKey: ["/vehicles", id],
    queryFn: () => read<Vehicle>(`/vehicles/${id}`),
  });
  const { data: plates } = useQuery({
    queryKey: ["/vehicles", id, "plates"],
    queryFn: () => read<{ items: PlateHeld[] }>(`/vehicles/${id}/plates`),
  });
  if (!vehicle) return null;
  return (
    <>
      {vehicle.warnings.map((warning) => (
        <Alert
          key={warning}
          type="warning"
          showIcon
          title={codeIn(say, "vehicle.warning", warning)}
        />
      ))}
      <Facts facts={factsOf(vehicle, say)} />
      <div className="acts">
        {actsOn(vehicle).map((act) => (
          <ActButton key={act.label} act={act} />
        ))}
        <Link href={`/?v=${id}`}>{say("vehicle.map")}</Link>
      </div>
      <VehicleDocuments vehicleId={id} />
      <Dated
        title="vehicle.plates.history"
        items={plates?.items}
        keyOf={(held) => `${held.plate}${held.start}`}
        cells={[
          (held) => <span className="plate">{held.plate}</span>,
          (held) => codeIn(say, "colour", held.plate_colour),
          (held) => momentOf(held.start),
          (held) => momentOf(held.end),
        ]}
      />
      <VehicleEvents vehicleId={id} />
    </>
  );
}

/** What one may not see is said to be withheld, so that nobody takes it for unknown. */
function factsOf(vehicle: Vehicle, say: Say): [Word, ReactNode][] {
  const or = (name: keyof Vehicle, value: ReactNode) =>
    vehicle.masked.includes(name) ? say("masked") : (value ?? "—");
  const code = (family: string, name: keyof Vehicle) =>
    or(name, codeIn(say, family, vehicle[name] as string | null));
  return [
    [
      "plate",
      <span key="plate" className="plate">
        {vehicle.plate}
      </span>,
    ],
    ["vehicle.plate_colour", code("colour", "plate_colour")],
    ["unit", vehicle.unit.name],
    ["vehicle.state", code("life", "state")],
    ["vehicle.model", vehicle.model],
    ["vehicle.category", code("category", "category")],
    ["vehicle.body", code("body", "body")],
    ["vehicle.seats", vehicle.seats],
    ["vehicle.energy", code("energy", "energy")],
    ["vehicle.holding", code("holding", "holding")],
    ["vehicle.base", vehicle.base?.name],
    ["vehicle.terminal", vehicle.terminal?.phone ?? say("vehicle.unbound")],
    ["vehicle.price_fen", or("price_fen", yuanOf(vehicle.price_fen))],
    ["vehicle.funding", code("funding", "funding")],
    ["vehicle.marking", code("marking", "marking")],
    ["vehicle.condition", code("condition", "condition")],
    ["vehicle.excess", listed(vehicle.excess.map((one) => codeIn(say, "excess", one))) || "—"],
    ...PLAIN.map((name): [Word, ReactNode] => [`vehicle.${name}`, or(name, vehicle[name])]),
  ];
}
