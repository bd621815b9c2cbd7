/** What the API says about plans and what is promised, by the names of this side. */
import type { components } from "../api/schema";

type Schemas = components["schemas"];

export type PlanItem = Schemas["PlanItem"];
export type PlanDetail = Schemas["PlanDetail"];
export type PlanLine = Schemas["PlanLineOut"];
export type FirstBroken = Schemas["FirstBroken"];
export type Alternatives = Schemas["AlternativesOut"];
export type Reservation = Schemas["ReservationOut"];
export type EndangeredList = Schemas["EndangeredList"];
