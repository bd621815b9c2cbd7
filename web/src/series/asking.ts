import { write } from "../api/client";
import type { NewRequest } from "../api/types";
import { newReturning, type Returning, seriesOf } from "./returning";
import type { SeriesDetail } from "./types";

/** Ask once for a ride that returns; as it is offered first where nothing was changed. */
export const askForSeries = (request: NewRequest, returning: Returning | null) =>
  write<SeriesDetail>("/request-series", seriesOf(request, returning ?? newReturning(Date.now())));
