/** The code names of the register's choices, held against the server's own description. */
import type { components } from "../api/schema";

type Schemas = components["schemas"];
type Codes<Name extends keyof Schemas> = readonly Schemas[Name][];

export const CATEGORIES: Codes<"Category"> = [
  "confidential_courier",
  "emergency",
  "enforcement",
  "special_technical",
  "other_prescribed",
];
export const ENERGIES: Codes<"Energy"> = ["petrol", "diesel", "electric", "hybrid"];
export const HOLDINGS: Codes<"Holding"> = ["retained", "pool", "rental"];
export const COLOURS: Codes<"PlateColour"> = [
  "blue",
  "yellow",
  "black",
  "white",
  "green",
  "yellow_green",
];
export const BODIES: Codes<"Body"> = [
  "sedan",
  "suv",
  "mpv",
  "minibus",
  "coach",
  "truck",
  "special",
];
export const FUNDINGS: Codes<"Funding"> = ["budget", "own_funds", "transferred_in", "other"];
export const MARKINGS: Codes<"Marking"> = ["unmarked", "marked", "exempt"];
export const CONDITIONS: Codes<"Condition"> = ["normal", "work_needs", "special_circumstances"];
export const SECRECIES: Codes<"Secrecy"> = ["none", "secret"];
export const LIFE: Codes<"LifeState"> = [
  "quota_approved",
  "purchased",
  "registered",
  "allocated",
  "in_use",
  "renewed",
  "disposed",
  "struck_off",
];
export const EXCESSES: Codes<"ExcessKind"> = ["over_quota", "over_standard"];
export const METHODS: Codes<"DisposalMethod"> = [
  "auction",
  "scrap",
  "hand_over",
  "loss",
  "return_to_supplier",
];
export const DOCUMENTS: Codes<"DocumentKind"> = [
  "registration",
  "driving_permit",
  "annual_inspection",
  "compulsory_insurance",
  "insurance",
  "purchase",
  "decision",
  "photo",
  "other",
];
export const APPLICATIONS: Codes<"ApplicationKind"> = [
  "quota_approval",
  "provision",
  "renewal",
  "disposal",
];
export const APPLICATION_STATES: Codes<"ApplicationState"> = [
  "draft",
  "filed",
  "sent_back",
  "rejected",
  "withdrawn",
  "approved",
  "carried_out",
];
