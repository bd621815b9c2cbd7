/** A passenger's greatest detour, as it is filled in and as the API wants it. */
import { Problem, read, write } from "../api/client";
import type { NewRequest, RequestDetail } from "../api/types";

/** What stands in the two fields; "" says nothing. */
export interface Limit {
  percent: string;
  minutes: string;
}

export const NO_LIMIT: Limit = { percent: "", minutes: "" };

/** The members of the API's body: whole per cent, and seconds. */
export const sent = ({ percent, minutes }: Limit) => ({
  ...(percent === "" ? {} : { detour_percent: Math.round(Number(percent)) }),
  ...(minutes === "" ? {} : { detour_s: Math.round(Number(minutes) * 60) }),
});

/** Ask for a ride to be shared within a limit of one's own: submitted once that is said. */
export async function bookWithin(limit: Limit, request: NewRequest): Promise<RequestDetail> {
  const draft = await write<RequestDetail>("/requests", { ...request, draft: true });
  const path = `/requests/${draft.id}`;
  const revision = async () => (await read<RequestDetail>(path)).revision;
  try {
    await write(`${path}/sharing`, { revision: draft.revision, agreed: true, ...sent(limit) });
    return await write<RequestDetail>(`${path}/submit`, { revision: await revision() });
  } catch (refusal) {
    // What was refused is corrected in the form, and leaves no draft behind.
    if (refusal instanceof Problem && !refusal.offline)
      await write(`${path}/withdraw`, { revision: await revision() });
    throw refusal;
  }
}
