/**
 * What the API speaks, by the names of this side. The shapes are generated from the server's own
 * description (`npm run api`), so that a field or a literal that it does not know won't compile.
 */
import type { components } from "./schema";

type Schemas = components["schemas"];

export interface Page<Item> {
  items: Item[];
  next_cursor: string | null;
}

export type Ref = Schemas["NamedRef"];
export type VehicleRef = Schemas["PlateRef"];
export type Period = Schemas["PeriodOut"];
export type Place = Schemas["Waypoint"];
export type StayWaypoint = Schemas["StayWaypoint"];
export type KnownPlace = Schemas["PlaceOut"];

export type SessionInfo = Schemas["SessionOut"];
export type SessionItem = Schemas["OneSession"];
export type ApiToken = Schemas["TokenOut"];
export type MadeToken = Schemas["MadeTokenOut"];
export type Permission = Schemas["Permission"];
export type Role = Schemas["Role"];
export type Category = Schemas["Category"];
export type Holding = Schemas["Holding"];
export type Purpose = Schemas["Purpose"];
export type PurposeItem = Schemas["PurposeItem"];

export type RequestState = Schemas["RequestState"];
export type RideRequest = Schemas["RequestItem"];
export type RequestDetail = Schemas["RequestDetail"];
export type NewRequest = Schemas["RequestIn"];
export type RequestAction = "submit" | "approve" | "send_back" | "reject" | "withdraw" | "cancel";

export type Sharing = Schemas["SharingOut"];
export type SharingLeg = Schemas["SharedLegOut"];
export type SharedRide = Schemas["SharedRideOut"];
export type SharedRideList = Schemas["SharedRideList"];

export type Approach = Schemas["ApproachOut"];
export type Proposal = Schemas["ProposalOut"];
export type Mission = Schemas["MissionItem"];
export type MissionDetail = Schemas["MissionDetail"];
export type MissionRide = Schemas["MissionRideOut"];
export type Arrival = Schemas["ArrivalOut"];
export type Arrivals = Schemas["ArrivalsOut"];
export type Mobilisation = Schemas["MobilisationItem"];
export type MobilisationDetail = Schemas["MobilisationDetail"];
export type MobilisedOrder = Schemas["MobilisedOrder"];
export type Entered = Schemas["EnteredOut"];
export type Signature = Schemas["SignatureOut"];

export type Candidate = Schemas["CandidateOut"];
export type Suggestion = Schemas["SuggestionOut"];
export type LeftOutVehicle = Schemas["LeftOutVehicle"];

export type OrderWarning = Schemas["WarningOut"];
export type OrderState = Schemas["OrderState"];
export type OrderAction = Schemas["OrderAction"];
export type Order = Schemas["OrderItem"];
export type SlipContent = Schemas["SlipOut"];
export type Explanation = Schemas["ExplanationOut"];
export type Step = Schemas["StepOut"];

export type Vehicle = Schemas["VehicleOut"];
export type PlateHeld = Schemas["PlateHeld"];
export type VehicleEvent = Schemas["VehicleEventOut"];
export type VehicleDocument = Schemas["DocumentOut"];
export type Quota = Schemas["QuotaOut"];
export type Standard = Schemas["StandardOut"];
export type Application = Schemas["ApplicationOut"];
export type ApplicationDetail = Schemas["ApplicationWithSteps"];
export type RuleValues = Schemas["RuleValueList"];
export type RuleValue = Schemas["RuleValueOut"];
export type Twins = Schemas["TwinsOut"];
export type Delegation = Schemas["DelegationOut"];
export type CalendarNotice = Schemas["Notice"];
export type CalendarPreview = Schemas["CalendarPreview"];
export type SealingPreview = Schemas["SealingPreview"];
export type Organisation = Schemas["OrganisationOut"];

export type OrganisationDetail = Schemas["OrganisationDetail"];
export type FleetSummary = Schemas["SummaryOut"];
export type FleetTotals = Schemas["TotalsOut"];
export type Mandate = Schemas["MandateOut"];
export type Person = Schemas["PersonOut"];
export type PersonDetail = Schemas["PersonDetail"];
export type Driver = Schemas["DriverOut"];
export type DriverDetail = Schemas["DriverDetail"];
export type Shift = Schemas["ShiftOut"];
export type Leave = Schemas["LeaveOut"];
export type Terminal = Schemas["TerminalOut"];
export type Custody = Schemas["CustodyItemOut"];
export type CustodyHolding = Schemas["HoldingOut"];
export type RosterEntry = Schemas["RosterEntryOut"];
export type CalendarYear = Schemas["CalendarOut"];
export type Sealing = Schemas["SealingOut"];
export type SealedOrder = Schemas["SealedOrderOut"];
export type JournalEntry = Schemas["JournalEntryOut"];
export type JournalRoot = Schemas["RootOut"];
export type SupervisionGrant = Schemas["GrantOut"];
export type Hold = Schemas["HoldOut"];
export type Retention = Schemas["RetentionOut"];
export type ImportReport = Schemas["ImportReport"];

export type Rule = Schemas["Rule"];
export type Finding = Schemas["FindingItem"];
export type Trip = Schemas["TripDetail"];

export type Explained = Schemas["KilometresOut"];
export type ExplainedReport = Schemas["ExplainedReport"];
export type PublicityReport = Schemas["PublicityReport"];

/** A vehicle of the live feed; `state` and the order's state are narrowed to their code lists. */
export type LiveVehicle = Omit<Schemas["LiveItem"], "state" | "order"> & {
  state: "moving" | "standing" | "silent";
  order: { id: string | null; state: OrderState } | null;
};
