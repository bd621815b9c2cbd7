import type { Order, OrderAction } from "../api/types";
import type { Act, Field } from "../register/acts";
import { wallTimeOf } from "../time/format";

const REASON: Field = { name: "reason", label: "reason", kind: "area", needed: true };
const VEHICLE: Field = { name: "vehicle_id", label: "vehicle", kind: "pick", from: "/vehicles" };
const DRIVER: Field = { name: "driver_id", label: "order.driver", kind: "pick", from: "/drivers" };
/** Only a dispatcher's own reason overrides what rules say against a change. */
const OVERRIDE: Field = {
  name: "override",
  label: "order.override",
  kind: "flag",
  hint: "order.override.hint",
};
const ODOMETERS: Field[] = [
  { name: "left_odometer_km", label: "order.left_odometer_km", kind: "number" },
  { name: "odometer_km", label: "order.odometer_km", kind: "number" },
];
const ON_THE_ROAD = new Set(["departed", "arrived", "returning"]);

/** Kilometres as a person reads them, in the metres that the server keeps. */
export function inMetres(body: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(body).map(([name, value]) =>
    name.endsWith("_km")
      ? [name.replace(/_km$/, "_m"), Math.round(Number(value) * 1000)]
      : [name, value],
  );
  return Object.fromEntries(entries);
}

/** What changes an order's vehicle, driver or end; each needs the reason that the slip keeps. */
export function changesOfOrder(order: Order): Act[] {
  const fields: [OrderAction, Act["label"], Field[]][] = [
    ["reassign", "order.reassign", [VEHICLE, DRIVER]],
    [
      "swap_vehicle",
      "order.swap_vehicle",
      [{ ...VEHICLE, needed: true }, DRIVER, ...(ON_THE_ROAD.has(order.state) ? ODOMETERS : [])],
    ],
    ["swap_driver", "order.swap_driver", [{ ...DRIVER, needed: true }]],
    ["extend", "order.extend", [until(order)]],
  ];
  return fields
    .filter(([action]) => order.actions.includes(action))
    .map(([action, label, own]) => ({
      label,
      path: `/orders/${order.id}/${action}`,
      fields: [...own, REASON, OVERRIDE],
      fixed: { revision: order.revision },
      shape: (body: unknown) => inMetres(body as Record<string, unknown>),
    }));
}

function until({ period }: Order): Field {
  const initial = period.end ? wallTimeOf(period.end) : undefined;
  return { name: "end", label: "order.until", kind: "instant", needed: true, initial };
}
