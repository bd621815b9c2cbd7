import type { Vehicle } from "../api/types";
import type { Act, Field } from "../register/acts";
import {
  BODIES,
  CATEGORIES,
  COLOURS,
  CONDITIONS,
  DOCUMENTS,
  ENERGIES,
  FUNDINGS,
  HOLDINGS,
  LIFE,
  MARKINGS,
  METHODS,
  SECRECIES,
} from "../register/codes";

const REASON: Field = { name: "reason", label: "reason", kind: "text" };
const AT: Field = { name: "at", label: "at", kind: "instant" };
const UNIT: Field = {
  name: "organisation_id",
  label: "unit",
  kind: "pick",
  from: "/organisations",
  needed: true,
};
const BASE: Field = {
  name: "base_id",
  label: "vehicle.base",
  kind: "pick",
  from: "/places?kind=base",
};
const PLATE: Field[] = [
  { name: "plate", label: "plate", kind: "text", needed: true },
  {
    name: "plate_colour",
    label: "vehicle.plate_colour",
    kind: "choice",
    family: "colour",
    codes: COLOURS,
    needed: true,
    initial: "blue",
  },
];

const MUST = new Set(["model", "category", "seats", "energy", "holding", "marking", "condition"]);

/** What is known of a vehicle beside its plate and unit, as a new one is told and an old one changed. */
const facts = (known?: Vehicle): Field[] => {
  const needed = known === undefined;
  const fields: Field[] = [
    { name: "model", label: "vehicle.model", kind: "text", needed },
    { name: "category", label: "vehicle.category", kind: "choice", codes: CATEGORIES, needed },
    { name: "use_type", label: "vehicle.use_type", kind: "text" },
    { name: "seats", label: "vehicle.seats", kind: "number", needed },
    { name: "energy", label: "vehicle.energy", kind: "choice", codes: ENERGIES, needed },
    { name: "holding", label: "vehicle.holding", kind: "choice", codes: HOLDINGS, needed },
    { name: "body", label: "vehicle.body", kind: "choice", codes: BODIES },
    { name: "vin", label: "vehicle.vin", kind: "text" },
    { name: "engine_number", label: "vehicle.engine_number", kind: "text" },
    { name: "displacement_ml", label: "vehicle.displacement_ml", kind: "number" },
    { name: "price_fen", label: "vehicle.price_fen", kind: "yuan" },
    { name: "funding", label: "vehicle.funding", kind: "choice", codes: FUNDINGS },
    { name: "purchase_date", label: "vehicle.purchase_date", kind: "date" },
    { name: "tank_l", label: "vehicle.tank_l", kind: "number" },
    { name: "battery_kwh", label: "vehicle.battery_kwh", kind: "number" },
    { name: "norm_ml_per_100km", label: "vehicle.norm_ml_per_100km", kind: "number" },
    { name: "norm_wh_per_100km", label: "vehicle.norm_wh_per_100km", kind: "number" },
    { name: "marking", label: "vehicle.marking", kind: "choice", codes: MARKINGS },
    { name: "marking_date", label: "vehicle.marking_date", kind: "date" },
    { name: "marking_basis", label: "vehicle.marking_basis", kind: "text" },
    { name: "condition", label: "vehicle.condition", kind: "choice", codes: CONDITIONS },
  ];
  return fields.map((field) => {
    const initial = initialOf(field, known);
    // What a vehicle can't be without is changed, never emptied.
    const must = MUST.has(field.name) && initial !== undefined && initial !== null;
    return { ...field, needed: field.needed || must, initial };
  });
};

function initialOf(field: Field, known: Vehicle | undefined): unknown {
  const value = known?.[field.name as keyof Vehicle];
  return field.kind === "yuan" && typeof value === "number" ? value / 100 : value;
}

export const ADD: Act = {
  label: "vehicle.add",
  path: "/vehicles",
  permission: "vehicle.write",
  fields: [
    ...PLATE,
    UNIT,
    BASE,
    ...facts(),
    { name: "replaces_id", label: "vehicle.replaces", kind: "pick", from: "/vehicles" },
    {
      name: "stage",
      label: "vehicle.stage",
      kind: "choice",
      family: "life",
      codes: LIFE.slice(1, 5),
      initial: "in_use",
    },
    {
      name: "secrecy",
      label: "vehicle.secrecy",
      kind: "choice",
      codes: SECRECIES,
      initial: "none",
    },
  ],
};

/** What may be done to a vehicle; each act becomes a dated event of its life. */
export function actsOn(vehicle: Vehicle): Act[] {
  const path = `/vehicles/${vehicle.id}`;
  const acts: Act[] = [
    {
      label: "vehicle.change",
      method: "PATCH",
      path,
      fields: [{ ...BASE, initial: vehicle.base?.id }, ...facts(vehicle)],
    },
    { label: "vehicle.plates", path: `${path}/plates`, fields: [...PLATE, AT, REASON] },
    { label: "vehicle.transfer", path: `${path}/transfers`, fields: [UNIT, BASE, AT, REASON] },
    {
      label: "vehicle.event",
      path: `${path}/events`,
      fields: [
        {
          name: "kind",
          label: "kind",
          kind: "choice",
          family: "event",
          codes: ["allocated", "put_in_use"],
          needed: true,
        },
        { name: "day", label: "at", kind: "date", needed: true },
        REASON,
      ],
    },
    {
      label: "vehicle.renew",
      path: `${path}/renewals`,
      fields: [{ name: "day", label: "at", kind: "date", needed: true }, REASON],
    },
    {
      label: "vehicle.dispose",
      path: `${path}/disposals`,
      danger: true,
      fields: [
        { name: "method", label: "vehicle.method", kind: "choice", codes: METHODS },
        { name: "income_fen", label: "vehicle.income", kind: "yuan" },
        { name: "struck_off", label: "vehicle.struck_off", kind: "flag" },
        AT,
        { ...REASON, needed: true },
      ],
    },
  ];
  return acts.map((act) => ({ ...act, permission: "vehicle.write" }));
}

export const addDocumentOf = (vehicleId: string): Act => ({
  label: "vehicle.document",
  path: `/vehicles/${vehicleId}/documents`,
  permission: "vehicle.write",
  fields: [
    {
      name: "kind",
      label: "kind",
      kind: "choice",
      family: "document",
      codes: DOCUMENTS,
      needed: true,
    },
    { name: "title", label: "documents.title", kind: "text", needed: true },
    { name: "number", label: "documents.number", kind: "text" },
    { name: "issued_on", label: "documents.issued", kind: "date" },
    { name: "expires_on", label: "documents.expires", kind: "date" },
  ],
});
