import type { Act, Field } from "../register/acts";
import { CATEGORIES } from "../register/codes";

type Body = Record<string, unknown>;

const UNIT: Field = {
  name: "organisation_id",
  label: "mobilisations.unit",
  kind: "pick",
  from: "/organisations",
};
const VEHICLE: Field = { name: "vehicle_id", label: "vehicle", kind: "pick", from: "/vehicles" };
const DRIVER: Field = { name: "driver_id", label: "order.driver", kind: "pick", from: "/drivers" };
/** Who rides, why, and from where to where: the same of what is ordered and what was driven. */
const RIDE: readonly Field[] = [
  {
    name: "passengers",
    label: "mobilisations.passengers",
    kind: "number",
    initial: 3,
    needed: true,
  },
  { name: "purpose_text", label: "mobilisations.purpose", kind: "text", needed: true },
  { name: "origin", label: "mobilisations.origin", kind: "place", needed: true },
  { name: "destination", label: "mobilisations.destination", kind: "place", needed: true },
];

/** Rides ordered at once without approval; alike, as many as are counted. */
export const orderOf = (id: string): Act => ({
  label: "mobilisations.order",
  path: `/mobilisations/${id}/orders`,
  permission: "order.assign",
  fields: [
    UNIT,
    { name: "count", label: "mobilisations.count", kind: "number", initial: 1, needed: true },
    ...RIDE,
    {
      name: "start",
      label: "start",
      kind: "instant",
      hint: "mobilisations.now",
    },
    { name: "end", label: "end", kind: "instant", needed: true },
    { name: "category", label: "vehicle.category", kind: "choice", codes: CATEGORIES },
    { ...VEHICLE, hint: "mobilisations.chosen" },
    DRIVER,
    { name: "recall", label: "mobilisations.recall", kind: "flag" },
  ],
  shape: ({ organisation_id, recall, ...ride }: Body) => ({
    ...(organisation_id ? { organisation_id } : {}),
    recall: recall ?? false,
    rides: [ride],
  }),
});

/** A drive that began without an order (补单). */
export const DRIVE: readonly Field[] = [
  { ...VEHICLE, needed: true },
  { ...DRIVER, needed: true },
  ...RIDE,
  { name: "departed_at", label: "mobilisations.departed_at", kind: "instant", needed: true },
  { name: "returned_at", label: "mobilisations.returned_at", kind: "instant" },
  { name: "end", label: "mobilisations.until", kind: "instant" },
  { name: "odometer_out_km", label: "mobilisations.odometer_out", kind: "number" },
  { name: "odometer_in_km", label: "mobilisations.odometer_in", kind: "number" },
];

/** What stands in the first row before anything is filled in. */
export const FIRST_DRIVE = Object.fromEntries(DRIVE.map((field) => [field.name, field.initial]));
