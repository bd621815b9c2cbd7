import type { ApplicationDetail } from "../api/types";
import type { Act, Field } from "./acts";
import { BODIES, CATEGORIES, CONDITIONS, ENERGIES, FUNDINGS, METHODS } from "./codes";

const UNIT: Field = {
  name: "organisation_id",
  label: "unit",
  kind: "pick",
  from: "/organisations",
  needed: true,
};
const VEHICLE: Field = {
  name: "vehicle_id",
  label: "vehicle",
  kind: "pick",
  from: "/vehicles",
  needed: true,
};
const CATEGORY: Field = {
  name: "category",
  label: "vehicle.category",
  kind: "choice",
  codes: CATEGORIES,
  needed: true,
};
const GROUNDS: Field = {
  name: "grounds",
  label: "applications.grounds",
  kind: "area",
  needed: true,
};

const FORMS: [ApplicationDetail["kind"], Act["label"], Field[]][] = [
  [
    "quota_approval",
    "applications.quota_approval",
    [
      UNIT,
      CATEGORY,
      { name: "count", label: "quotas.count", kind: "number", needed: true },
      { name: "basis", label: "quotas.basis", kind: "text", needed: true },
    ],
  ],
  [
    "provision",
    "applications.provision",
    [
      UNIT,
      CATEGORY,
      { name: "model", label: "vehicle.model", kind: "text", needed: true },
      { name: "energy", label: "vehicle.energy", kind: "choice", codes: ENERGIES, needed: true },
      { name: "body", label: "vehicle.body", kind: "choice", codes: BODIES },
      { name: "condition", label: "vehicle.condition", kind: "choice", codes: CONDITIONS },
      { name: "price_fen", label: "vehicle.price_fen", kind: "yuan" },
      { name: "displacement_ml", label: "vehicle.displacement_ml", kind: "number" },
      { name: "funding", label: "vehicle.funding", kind: "choice", codes: FUNDINGS },
      GROUNDS,
    ],
  ],
  ["renewal", "applications.renewal", [VEHICLE, GROUNDS]],
  [
    "disposal",
    "applications.disposal",
    [
      VEHICLE,
      { name: "method", label: "vehicle.method", kind: "choice", codes: METHODS, needed: true },
      GROUNDS,
    ],
  ],
];

/** One form for each kind of application. */
export const FILE: readonly Act[] = FORMS.map(([kind, label, fields]) => ({
  label,
  path: "/applications",
  permission: "application.file",
  fixed: { kind },
  fields,
}));

const REMARK: Field = { name: "reason", label: "reason", kind: "text" };
const REASON: Field = { ...REMARK, needed: true };

/** A draft's form with what was filled in; its kind, unit and vehicle stay. */
function changeOf(path: string, application: ApplicationDetail): Act[] {
  const { kind, content, organisation, vehicle } = application;
  const form = FORMS.find(([one]) => one === kind);
  if (!form) return [];
  const [, , fields] = form;
  const whose = fields.includes(UNIT)
    ? { organisation_id: organisation.id }
    : { vehicle_id: vehicle?.id };
  return [
    {
      label: "applications.change",
      method: "PUT",
      path,
      permission: "application.file",
      fixed: { kind, ...whose },
      fields: fields
        .filter((field) => field !== UNIT && field !== VEHICLE)
        .map((field) => ({ ...field, initial: initialOf(field, content[field.name]) })),
    },
  ];
}

const initialOf = (field: Field, value: unknown): unknown =>
  field.kind === "yuan" && typeof value === "number" ? value / 100 : (value ?? undefined);

type Step = "submit" | "withdraw" | "approve" | "send_back" | "reject";

/** Which acts each state allows, as the server has them. */
const STEPS: Partial<Record<ApplicationDetail["state"], Step[]>> = {
  draft: ["submit", "withdraw"],
  sent_back: ["submit", "withdraw"],
  filed: ["approve", "send_back", "reject", "withdraw"],
};

/** What may be done with an application as it stands. */
export function actsOn(application: ApplicationDetail): Act[] {
  const path = `/applications/${application.id}`;
  if (application.state === "approved") return [carryOut(path, application.kind)];
  const steps = STEPS[application.state] ?? [];
  const change = steps.includes("submit") ? changeOf(path, application) : [];
  return [...change, ...steps.map((step) => stepOf(path, step))];
}

function stepOf(path: string, step: Step): Act {
  return {
    label: `applications.${step}` as const,
    path: `${path}/${step}`,
    permission:
      step === "submit" || step === "withdraw" ? "application.file" : "application.decide",
    fields: [step === "send_back" || step === "reject" ? REASON : REMARK],
    danger: step === "reject",
  };
}

const carryOut = (path: string, kind: ApplicationDetail["kind"]): Act => ({
  label: "applications.carry_out",
  path: `${path}/carry_out`,
  permission: "vehicle.write",
  fields: carriedOut(kind),
});

function carriedOut(kind: ApplicationDetail["kind"]): Field[] {
  if (kind === "provision") return [{ ...VEHICLE, label: "applications.bought" }];
  if (kind !== "disposal") return [];
  return [
    { name: "income_fen", label: "vehicle.income", kind: "yuan" },
    { name: "at", label: "at", kind: "instant" },
  ];
}
