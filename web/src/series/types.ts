/** What the API says about series of rides, by the names of this side. */
import type { components } from "../api/schema";

type Schemas = components["schemas"];

export type Series = Schemas["SeriesItem"];
export type SeriesDetail = Schemas["SeriesDetail"];
export type SeriesRide = Schemas["SeriesRideOut"];
export type NewSeries = Schemas["SeriesIn"];
export type SeriesAction = "approve" | "send_back" | "reject" | "withdraw" | "end";
export type Alternatives = Schemas["AlternativesOut"];
export type OtherTime = Schemas["OtherTime"];
