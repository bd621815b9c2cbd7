/** What the API says about the board, by the names of this side. */
import type { components } from "../api/schema";

type Schemas = components["schemas"];

export type BoardRow = Schemas["BoardRow"];
export type BoardBar = Schemas["BoardBar"];
export type BoardOrder = Schemas["BoardOrder"];
export type MoveCheck = Schemas["MoveCheck"];
export type Reservation = Schemas["ReservationOut"];
