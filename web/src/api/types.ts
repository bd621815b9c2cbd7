/**
 * What the API speaks (docs: /api/openapi.json). Times are RFC 3339 strings, lengths metres,
 * speeds km/h, money integer fen; `null` is "unknown" or "none", never an omission.
 */

export interface Ref {
  id: string;
  name: string;
}

export interface VehicleRef {
  id: string;
  plate: string;
}

export interface Period {
  start: string;
  end: string | null;
}

export interface Page<Item> {
  items: Item[];
  next_cursor: string | null;
}

export interface Place {
  name: string;
  latitude: number;
  longitude: number;
}

export interface KnownPlace extends Place {
  id: string;
  kind: string;
  radius_m: number;
}

export interface SessionInfo {
  person: { id: string; name: string; username: string };
  roles: { role: Role; organisation: Ref }[];
  permissions: string[];
  expires_at: string;
}

export type Role =
  | "applicant"
  | "unit_clerk"
  | "unit_approver"
  | "authority_approver"
  | "dispatcher"
  | "driver"
  | "fleet_manager"
  | "finance"
  | "supervisor_officer"
  | "system_administrator"
  | "security_administrator"
  | "audit_administrator";

export type Category =
  | "confidential_courier"
  | "emergency"
  | "enforcement"
  | "special_technical"
  | "other_prescribed";

export type Holding = "retained" | "pool" | "rental";

export interface LiveVehicle extends VehicleRef {
  unit: Ref;
  latitude: number;
  longitude: number;
  speed_kmh: number | null;
  course_deg: number | null;
  time: string;
  state: "moving" | "standing" | "silent";
  order: { id: string; state: OrderState } | null;
}

export type RequestState =
  | "draft"
  | "unit_review"
  | "authority_review"
  | "sent_back"
  | "rejected"
  | "awaiting_dispatch"
  | "assigned"
  | "withdrawn"
  | "cancelled"
  | OrderState;

export type OrderState =
  | "assigned"
  | "accepted"
  | "departed"
  | "arrived"
  | "returning"
  | "returned"
  | "confirming"
  | "settling"
  | "settled"
  | "archived"
  | "cancelled"
  | "interrupted";

export type RequestAction = "submit" | "approve" | "send_back" | "reject" | "withdraw" | "cancel";

export type OrderAction =
  | "accept"
  | "depart"
  | "arrive"
  | "start_return"
  | "return"
  | "confirm"
  | "accept_back"
  | "cancel"
  | "interrupt";

export interface Step {
  action: string;
  from_state: string;
  to_state: string;
  actor: Ref | null;
  at?: string;
  tapped_at?: string;
  reason?: string | null;
  odometer_m?: number | null;
}

export interface RideRequest {
  id: string;
  state: RequestState;
  revision: number;
  unit: Ref;
  applicant: Ref;
  passenger: Ref;
  passengers: number;
  purpose: string;
  purpose_text: string;
  category: Category | null;
  period: Period;
  origin: Place;
  destination: Place;
  round_trip: boolean;
  may_share: boolean;
  state_reason: string | null;
  order: {
    id: string;
    state: OrderState;
    vehicle: VehicleRef | null;
    driver: Ref | null;
  } | null;
  steps?: Step[];
  actions: string[];
}

export interface NewRequest {
  passengers: number;
  purpose: string;
  purpose_text: string;
  start: string;
  end: string;
  origin: Place;
  destination: Place;
  round_trip: boolean;
  may_share: boolean;
}

export interface Candidate {
  rank: number;
  vehicle: VehicleRef & { seats: number; category: Category; holding: Holding };
  unit: Ref;
  driver: Ref | null;
  arrival_s: number | null;
  empty_m: number | null;
  reasons: { rule: string; sentence: string }[];
  position_age_s: number | null;
}

export interface Suggestion {
  id: string;
  travel_times: "roads" | "straight_line";
  candidates: Candidate[];
  left_out: { vehicle: VehicleRef; rule: string; sentence: string }[];
}

export interface Order {
  id: string;
  kind: "ride" | "service";
  state: OrderState;
  revision: number;
  unit: Ref;
  issuer: Ref;
  vehicle: VehicleRef | null;
  driver: Ref | null;
  dispatcher: Ref | null;
  period: Period;
  cross_unit: boolean;
  service_kind: string | null;
  departed_at: string | null;
  returned_at: string | null;
  odometer_out_m: number | null;
  odometer_in_m: number | null;
  slip: { id: string; number_text: string; void_at: string | null } | null;
  requests: {
    id: string;
    purpose: string;
    purpose_text?: string;
    origin: Place;
    destination: Place;
    passenger: Ref;
    period: Period;
  }[];
  steps?: Step[];
  actions: string[];
}

export interface Vehicle {
  id: string;
  plate: string;
  plate_colour: string;
  vin: string | null;
  model: string;
  category: Category;
  seats: number;
  energy: string;
  holding: Holding;
  unit: Ref;
  base: Ref | null;
  terminal: { id: string; phone: string } | null;
}

export interface Finding {
  id: string;
  rule: string;
  rule_label: string;
  rule_version: number;
  vehicle: VehicleRef;
  unit: Ref;
  day: string;
  period: Period;
  trip_id: string | null;
  figures: Record<string, string | number | boolean | null>;
  counter_evidence: { sentence: string }[];
  state: string;
  superseded_at: string | null;
}

export interface Trip {
  id: string;
  vehicle: VehicleRef;
  unit: Ref;
  start: { time: string; latitude: number; longitude: number };
  end: { time: string; latitude: number; longitude: number } | null;
  distance_m: number;
  max_speed_kmh: number | null;
  gaps: number | unknown[];
  superseded_at: string | null;
  track?: { type: "LineString"; coordinates: [number, number][]; times?: string[] };
}

export interface Explained {
  driven_m: number;
  ordered_m: number;
  service_m: number;
  filed_m: number;
  unexplained_m: number;
}

export interface ExplainedReport {
  period: Period;
  units: (Explained & { unit: Ref; vehicles: (Explained & { vehicle: VehicleRef })[] })[];
  total: Explained;
  provisional_days?: string[];
}

export interface PublicityReport {
  unit: Ref;
  month: string;
  rows: {
    plate: string;
    date: string;
    start: string;
    end: string | null;
    purpose_label: string;
    place: string;
    distance_m: number;
  }[];
  total_m: number;
  watermark: string;
}

export interface CodeLabel {
  code: string;
  label: string;
}
