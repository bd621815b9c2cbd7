import type { MissionDetail } from "../api/types";
import type { Act } from "../register/acts";
import type { Word } from "../register/zh";

/** The orders whose vehicle a standby may replace. */
export const REPLACEABLE = new Set([
  "assigned",
  "accepted",
  "departed",
  "arrived",
  "returning",
  "interrupted",
]);

export const WRITE: Act = {
  label: "missions.write",
  path: "/missions",
  permission: "order.assign",
  fields: [
    {
      name: "title",
      label: "missions.title",
      kind: "text",
      needed: true,
      max: 120,
      hint: "missions.guard_duty",
    },
    {
      name: "kind",
      label: "kind",
      kind: "choice",
      family: "mission_kind",
      codes: ["conference", "reception", "convoy"],
      initial: "conference",
      needed: true,
    },
    { name: "organisation_id", label: "unit", kind: "pick", from: "/organisations", needed: true },
    { name: "plan", label: "missions.plan", kind: "area", max: 5000, needed: true },
    { name: "gather_at", label: "missions.gather_at", kind: "instant", needed: true },
    { name: "start", label: "start", kind: "instant", needed: true },
    { name: "end", label: "end", kind: "instant", needed: true },
    { name: "assembly.name", label: "missions.assembly", kind: "text", needed: true, max: 120 },
    { name: "assembly.latitude", label: "missions.latitude", kind: "number", needed: true },
    { name: "assembly.longitude", label: "missions.longitude", kind: "number", needed: true },
    { name: "liaison_id", label: "missions.liaison", kind: "pick", from: "/people", needed: true },
    { name: "reader_ids", label: "missions.readers", kind: "pick", from: "/people", many: true },
    { name: "vehicles", label: "missions.vehicles", kind: "number", initial: 10, needed: true },
    { name: "standbys", label: "missions.standbys", kind: "number", initial: 1 },
    { name: "passengers", label: "missions.passengers", kind: "number", initial: 3, needed: true },
  ],
  shape: ({ vehicles, standbys, passengers, ...plan }) => ({
    ...plan,
    rides: [
      { count: vehicles, passengers },
      ...(standbys ? [{ count: standbys, passengers, standby: true }] : []),
    ],
  }),
};

const LABEL: Record<MissionDetail["actions"][number], Word> = {
  submit: "missions.submit",
  approve: "missions.approve",
  send_back: "missions.send_back",
  reject: "missions.reject",
  cancel: "missions.cancel",
  archive: "missions.archive",
};
const WITH_REASON = new Set(["send_back", "reject", "cancel"]);
const DANGER = new Set(["reject", "cancel"]);

/** What whoever looks may do to a mission now. */
export function actsOf(mission: MissionDetail): Act[] {
  const path = `/missions/${mission.id}`;
  const acts: Act[] = mission.actions.map((action) => ({
    label: LABEL[action],
    path: `${path}/${action}`,
    fields: WITH_REASON.has(action)
      ? [{ name: "reason", label: "reason", kind: "text", needed: true }]
      : [],
    fixed: { revision: mission.revision },
    danger: DANGER.has(action),
  }));
  if (mission.state !== "awaiting_dispatch") return acts;
  return [
    { label: "missions.choose", path: `${path}/plan`, permission: "order.assign", fields: [] },
    {
      label: "missions.issue",
      path: `${path}/slips`,
      permission: "order.assign",
      fields: [{ name: "reason", label: "missions.override", kind: "text" }],
    },
    ...acts,
  ];
}

/** A standby in the place of a vehicle: the first that is ready. */
export const replacementOf = (missionId: string, rideId: string): Act => ({
  label: "missions.replace",
  path: `/missions/${missionId}/rides/${rideId}/replace`,
  permission: "order.assign",
  fields: [{ name: "reason", label: "reason", kind: "text", needed: true }],
});
